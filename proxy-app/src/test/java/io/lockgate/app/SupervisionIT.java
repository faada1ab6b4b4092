package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon under a service manager, which a script with the same kind of socket stands in for.
 */
class SupervisionIT {
  private static final String RECEIVER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1])
      print("bound", flush=True)
      while True:
          print(s.recv(4096).decode().replace("\\n", " "), flush=True)
      """;

  @TempDir private Path directory;
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private Process receiver;
  private Site site;

  @BeforeEach
  void listen() throws IOException {
    site = Site.in(directory);
    receiver =
        new ProcessBuilder("python3", "-c", RECEIVER, directory.resolve("notify").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines = receiver.inputReader();
    assertThat(lines.readLine()).isEqualTo("bound");
    Thread reader = new Thread(() -> lines.lines().forEach(told::add));
    reader.setDaemon(true);
    reader.start();
  }

  @AfterEach
  void close() {
    receiver.destroy();
  }

  @Test
  void systemdIsToldOfReadinessReloadsAndTheEnd() throws IOException {
    try (LockgateProcess proxy = start()) {
      await("READY=1 STATUS=generation 1 serves");
      proxy.signal("HUP");
      await("RELOADING=1 MONOTONIC_USEC=");
      await("READY=1 STATUS=generation 1 serves, last reload unchanged");
      proxy.configure("this is no configuration");
      proxy.signal("HUP");
      await("last reload rejected");
      proxy.terminate();
      assertThat(proxy.awaitExit()).isZero();
      await("STOPPING=1 STATUS=draining");
    }
  }

  @Test
  void theWatchdogIsFedAgainAndAgain() throws IOException {
    try (LockgateProcess proxy = start()) {
      Patience.until(
          "the watchdog is fed",
          () -> told.stream().filter(line -> line.equals("WATCHDOG=1")).count() >= 3);
      assertThat(proxy.alive()).isTrue();
    }
  }

  @Test
  void afterAnUpgradeTheNextProcessIsTheOneToWatch() throws IOException {
    try (LockgateProcess proxy = start()) {
      String answer = proxy.admin().post("/upgrade").expect(200).text();
      ProcessHandle next =
          ProcessHandle.of(((Number) Json.object(answer).get("pid")).longValue()).orElseThrow();
      try {
        await("MAINPID=" + next.pid());
        Patience.until("the one before has ended", () -> !proxy.alive());
        Patience.until("the next one is ready", () -> count("READY=1 STATUS=generation 1") == 2);
        assertThat(count("STOPPING=1")).as("the service does not stop").isZero();
      } finally {
        next.destroy();
        Patience.until("the next one ends", () -> !next.isAlive());
      }
    }
  }

  private long count(String begin) {
    return List.copyOf(told).stream().filter(line -> line.startsWith(begin)).count();
  }

  @Test
  void aSwappedLinkIsAReloadWhereTheWatchIsOn() throws IOException {
    Path first = Files.createDirectory(directory.resolve("..one"));
    Path data = Files.createSymbolicLink(directory.resolve("..data"), first.getFileName());
    moveCertificate(first);
    try (LockgateProcess proxy =
        site.start(config("..data/") + "lockgate { runtime { watch = on } }")) {
      site.renewCertificate();
      Path second = Files.createDirectory(directory.resolve("..two"));
      moveCertificate(second);
      Path next = Files.createSymbolicLink(directory.resolve("..next"), second.getFileName());
      Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
      Patience.until("the new certificate serves", () -> proxy.generation() == 2);
      assertThat(proxy.admin("/reloads")).contains("\"watch\"");
    }
  }

  private void moveCertificate(Path to) throws IOException {
    for (String name : List.of("www.pem", "www.key")) {
      Files.move(directory.resolve(name), to.resolve(name));
    }
  }

  private static String config(String prefix) {
    return Site.LISTENERS.replace("\"www.", "\"" + prefix + "www.")
        + """
        lockgate {
          hosts { "www.example.com" { routes = [ { path = "/", respond { status = 200 } } ] } }
        }
        """;
  }

  private LockgateProcess start() throws IOException {
    return LockgateProcess.in(directory)
        .config(config(""))
        .environment("NOTIFY_SOCKET", directory.resolve("notify").toString())
        .environment("WATCHDOG_USEC", "400000")
        .start();
  }

  private void await(String notice) {
    Patience.until(
        notice, () -> List.copyOf(told).stream().anyMatch(line -> line.contains(notice)));
  }
}
