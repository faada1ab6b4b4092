package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StepBoundTest {
  @Test
  void endsAReadThatHasNoBoundOfItsOwn() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket(silent.getInetAddress(), silent.getLocalPort());
        StepBound bound = new StepBound(Duration.ofMillis(20))) {
      bound.begin(socket);
      assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThat(bound.over()).isTrue();
    }
  }

  @Test
  void leavesAStepAloneThatHasEnded() throws IOException {
    try (Socket socket = new Socket();
        StepBound bound = new StepBound(Duration.ofDays(1))) {
      bound.begin(socket);
      bound.end();
      assertThat(socket.isClosed()).isFalse();
      assertThat(bound.over()).isFalse();
    }
  }
}
