package io.lockgate.admin;

import static io.lockgate.admin.ServedAdmin.LOOPBACK;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Patience;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that take their time, whatever they do with it, hold nothing for long. */
class AdminSlowClientsTest {
  /** More than the buffers of both sides take. */
  private static final int QUESTIONS = 2_000;

  private static final AdminLimits LIMITS =
      new AdminLimits(Duration.ofMillis(200), 4, 4_096, 8_192, 65_536);

  private final ServedAdmin admin = new ServedAdmin();

  @BeforeEach
  void start() throws IOException {
    admin.start(LOOPBACK, "", LIMITS);
  }

  @AfterEach
  void close() {
    admin.close();
  }

  private boolean answersOthers() throws IOException {
    String request = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    return RawExchange.bytes(admin.address(), request).startsWith("HTTP/1.1 200");
  }

  @Test
  void oneThatAsksAndDoesNotReadIsClosed() throws IOException {
    try (Socket deaf = RawExchange.connect(admin.address())) {
      OutputStream out = deaf.getOutputStream();
      out.write(
          "GET /stats HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(QUESTIONS).getBytes(US_ASCII));
      Patience.until("the connection is gone", () -> cannotWrite(out));
    }
    assertThat(answersOthers()).isTrue();
  }

  /** Written to, a connection that the other side has closed says so. */
  private static boolean cannotWrite(OutputStream out) {
    try {
      out.write('\n');
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void thoseThatOnlyConnectMakeRoomForOthers() throws IOException {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < LIMITS.maxConnections(); i++) {
        idle.add(RawExchange.connect(admin.address()));
      }
      for (Socket each : idle) {
        assertThat(each.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(answersOthers()).isTrue();
    } finally {
      for (Socket each : idle) {
        each.close();
      }
    }
  }
}
