package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy in front that the operator trusts speaks for its clients. */
class TrustedForwardingIT {
  private static final String TRUST =
      """
      lockgate.http {
        forwarded { trusted = ["127.0.0.0/8"], forwarded = on }
        request-id { header = X-Trace, trust-client = on }
      }
      """;

  @TempDir static Path directory;
  private static Site site;
  private static EchoOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
    proxy = site.start(Site.forwardingTo(origin.address()) + TRUST);
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  private static HttpMessage seenByOrigin(String fields) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      client.send("GET /x HTTP/1.1\r\nHost: www.example.com\r\n" + fields + "\r\n");
      assertThat(client.readResponse().status()).isEqualTo(200);
    }
    return origin.lastRequest();
  }

  @Test
  void itsListOfClientsIsContinued() throws IOException {
    HttpMessage seen = seenByOrigin("X-Forwarded-For: 203.0.113.7\r\n");
    assertThat(String.join(", ", seen.fields("X-Forwarded-For")))
        .isEqualTo("203.0.113.7, 127.0.0.1");
  }

  @Test
  void forwardedIsWrittenWhereSwitchedOn() throws IOException {
    assertThat(seenByOrigin("").field("Forwarded").orElseThrow())
        .as("RFC 7239")
        .containsIgnoringCase("for=127.0.0.1")
        .containsIgnoringCase("proto=https");
  }

  @Test
  void idOfTheClientIsKeptWhereTrusted() throws IOException {
    assertThat(seenByOrigin("X-Trace: abc-123\r\n").field("X-Trace")).hasValue("abc-123");
    assertThat(seenByOrigin("").field("X-Trace")).isNotEmpty();
  }
}
