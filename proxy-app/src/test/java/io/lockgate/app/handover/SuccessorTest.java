package io.lockgate.app.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a hand-over that fails before anything has been given away. */
class SuccessorTest {
  /** Takes over by the book until it is its turn, and then ends. */
  private static final String DIES_AT_LAST =
      """
      import os, socket, struct, sys
      s = socket.socket(socket.AF_UNIX)
      s.connect(os.environ["LOCKGATE_PREDECESSOR"])
      def say(kind, text=b""):
          s.sendall(struct.pack(">IB", 1 + len(text), kind) + text)
      def hear():
          s.recv(struct.unpack(">I", s.recv(4, socket.MSG_WAITALL))[0], socket.MSG_WAITALL)
      say(0, b"%s next")
      hear()
      say(2)
      say(3)
      hear()
      sys.exit(3)
      """
          .formatted(Predecessor.PROTOCOL);

  @TempDir Path runtime;

  private Successor start(String... command) throws HandOverException {
    return Successor.start(
        List.of(command), Map.of("RUNTIME_DIRECTORY", runtime.toString()), false, () -> false);
  }

  private static void handOver(Successor successor) throws Exception {
    successor.handOver(
        () -> {
          throw new AssertionError("nothing is given to this one");
        });
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> found = Files.list(runtime)) {
      return found.toList();
    }
  }

  @Test
  void leavesNothingBehindWhereNoProcessCanBeStarted() throws IOException {
    assertThatThrownBy(() -> start(runtime.resolve("no-such-command").toString()))
        .isInstanceOf(HandOverException.class)
        .hasMessageStartingWith("cannot start a new process: ");
    assertThat(left()).isEmpty();
  }

  @Test
  void tellsWithWhatTheNewProcessEnded() throws Exception {
    try (Successor successor = start("/bin/sh", "-c", "exit 3")) {
      assertThatThrownBy(() -> handOver(successor))
          .isInstanceOf(HandOverException.class)
          .hasMessage("the new process ended with 3; its log says why");
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void isNotDoneWithAProcessThatEndsInsteadOfServing() throws Exception {
    try (Successor successor = start("python3", "-c", DIES_AT_LAST)) {
      successor.handOver(() -> Estate.NONE);
      assertThatThrownBy(successor::conclude)
          .isInstanceOf(HandOverException.class)
          .hasMessage("the new process ended with 3; its log says why");
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void givesNothingToAnyOtherProcess() throws Exception {
    try (Successor successor = start("/bin/sleep", "60")) {
      Path socket = left().get(0).resolve("socket");
      try (SocketChannel stranger = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        stranger.connect(UnixDomainSocketAddress.of(socket));
        assertThatThrownBy(() -> handOver(successor))
            .isInstanceOf(HandOverException.class)
            .hasMessage(
                "somebody else asked for the sockets: process " + ProcessHandle.current().pid());
      }
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void keepsItsSocketFromOtherUsers() throws Exception {
    try (Successor successor = start("/bin/sleep", "60")) {
      assertThat(successor.pid()).isPositive();
      Path directory = left().get(0);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
          .isEqualTo("rwx------");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("socket"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void givesUpOnceThisProcessIsToEnd() throws Exception {
    try (Successor successor =
        Successor.start(
            List.of("/bin/sleep", "60"),
            Map.of("RUNTIME_DIRECTORY", runtime.toString()),
            false,
            () -> true)) {
      assertThatThrownBy(() -> handOver(successor))
          .isInstanceOf(HandOverException.class)
          .hasMessage("this process is about to end");
    }
  }
}
