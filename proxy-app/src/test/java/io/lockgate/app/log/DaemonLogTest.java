package io.lockgate.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class DaemonLogTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final LoggerTree loggers = new LoggerTree();
  private final DaemonLog log =
      DaemonLog.on(loggers, new PrintStream(written, true, StandardCharsets.UTF_8), LogFormat.TEXT);
  private final Logger logger = loggers.getLogger("io.lockgate.tls.Sni");

  @Test
  void writesFromInfoUpwards() {
    logger.debug("not this");
    logger.info("{} and {}", "this", 7);
    assertThat(written()).endsWith(" INFO  io.lockgate.tls.Sni this and 7\n").hasLineCount(1);
  }

  @Test
  void aLevelHoldsForTheWholeBranchAndForLoggersYetToCome() {
    assertThat(log.level("io.lockgate.tls", "debug")).isTrue();
    logger.debug("one");
    loggers.getLogger("io.lockgate.tls").debug("two");
    loggers.getLogger("io.lockgate.tls.later.Still").debug("three");
    loggers.getLogger("io.lockgate.tlsx").debug("another branch");
    assertThat(written()).hasLineCount(3).contains("one", "two", "three");
  }

  @Test
  void theNearestLevelCounts() {
    log.level("root", "error");
    log.level("io.lockgate.tls.Sni", "warn");
    logger.warn("nearer");
    loggers.getLogger("io.lockgate.tls.Other").warn("farther");
    assertThat(written()).contains("nearer").doesNotContain("farther");
  }

  @Test
  void offIsSilence() {
    log.level("", "off");
    logger.error("nobody hears this");
    assertThat(written()).isEmpty();
  }

  @Test
  void whatAGroupOfThreadsTellsOperatorsCanBeLeftOutButItsErrors() throws InterruptedException {
    loggers.leaveUnread("rehearsal", "io.lockgate.told");
    Thread thread =
        new Thread(
            new ThreadGroup("rehearsal"),
            () -> {
              logger.info("nobody needs this");
              logger.error("everybody needs this");
              loggers.getLogger("io.lockgate.told.Why").info("an exception");
            });
    thread.start();
    thread.join();
    logger.info("a thread of others");

    assertThat(written())
        .contains("everybody needs this", "a thread of others", "an exception")
        .doesNotContain("nobody needs this");
  }

  @Test
  void anUnknownLevelChangesNothing() {
    assertThat(log.level("io.lockgate", "verbose")).isFalse();
    logger.info("still here");
    assertThat(written()).contains("still here");
  }

  @Test
  void stacksOfOthersFaultsComeOnlyWithDebug() {
    Exception failure = new IllegalStateException("gone");
    logger.warn("client left", failure);
    assertThat(written()).contains("error=").doesNotContain("stack=");
    log.level("io.lockgate.tls", "debug");
    logger.warn("client left", failure);
    assertThat(written()).contains("stack=");
  }

  private String written() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
