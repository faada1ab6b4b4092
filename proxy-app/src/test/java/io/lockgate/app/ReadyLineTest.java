package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.proxy.ListenerView;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadyLineTest {
  @Test
  void namesEverythingInThePromisedForm() {
    ReadyLine line =
        new ReadyLine(
            "0.1.0",
            Duration.ofNanos(312_900_000),
            List.of(
                new ListenerView("https", "0.0.0.0:8443", true, 0),
                new ListenerView("http", "[::]:8080", false, 0)),
            3,
            1,
            1,
            "127.0.0.1:9901");
    assertThat(line)
        .hasToString(
            "lockgate 0.1.0 ready in 312 ms: https 0.0.0.0:8443, http [::]:8080, 3 hosts,"
                + " 1 certificates, generation 1, admin 127.0.0.1:9901");
  }
}
