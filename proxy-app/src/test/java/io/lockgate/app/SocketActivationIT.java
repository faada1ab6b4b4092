package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets that were bound before the process began, as service managers pass them on. */
class SocketActivationIT {
  /**
   * Binds ADDRESS=NAME... and replaces itself by what comes after {@code --}. Its sockets block, as
   * those of some service managers do, and listen before anybody serves.
   */
  private static final String OPENER =
      """
      import os, socket, sys
      split = sys.argv.index("--")
      names = []
      for number, wanted in enumerate(sys.argv[1:split]):
          address, _, name = wanted.partition("=")
          ip, _, port = address.rpartition(":")
          s = socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET)
          s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
          s.bind((ip, int(port)))
          s.listen(128)
          if s.fileno() != 3 + number:
              os.dup2(s.fileno(), 3 + number)
          os.set_inheritable(3 + number, True)
          s.detach()
          names.append(name)
      os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(names)), LISTEN_FDNAMES=":".join(names))
      os.execvp(sys.argv[split + 1], sys.argv[split + 1:])
      """;

  @TempDir private Path directory;
  private LockgateProcess.Builder builder;

  @BeforeEach
  void prepare() throws IOException {
    Site.in(directory);
    builder = LockgateProcess.in(directory);
  }

  /** With a listener in clear, so that nothing but the sockets is in question. */
  private LockgateProcess start(String address, String... passed) throws IOException {
    builder.config(
        """
        lockgate {
          admin.address = "127.0.0.1:{{admin}}"
          listeners { plain { address = "%s", tls = off } }
          hosts { "www.example.com" { routes = [ { path = "/", respond { status = 200, body = "here" } } ] } }
          certificates { www { chain = "www.pem", key = "www.key" } }
        }
        """
            .formatted(address));
    String[] command = new String[passed.length + 4];
    command[0] = "python3";
    command[1] = "-c";
    command[2] = OPENER;
    System.arraycopy(passed, 0, command, 3, passed.length);
    command[command.length - 1] = "--";
    return builder.through(command).start();
  }

  private static void answers(int port) throws IOException {
    try (RawClient client = RawClient.connect(port)) {
      assertThat(client.send(Site.get("/")).readResponse().text()).isEqualTo("here");
    }
  }

  @Test
  void aSocketNamedAfterAListenerSaysWhereItIsToBeFoundAndOneForNobodyIsTold() throws IOException {
    int elsewhere = builder.port("elsewhere");
    String forNobody = "127.0.0.1:" + builder.port("other");
    try (LockgateProcess proxy =
        start(
            "127.0.0.1:" + builder.port("plain"),
            "127.0.0.1:" + elsewhere + "=plain",
            forNobody + "=other")) {
      answers(elsewhere);
      assertThat(proxy.readyLine()).contains("plain 127.0.0.1:" + elsewhere);
      assertThat(proxy.errors())
          .contains("a socket at /" + forNobody + " was passed on, and no listener is there");
    }
  }

  @Test
  void aSocketIsTakenByItsAddressAndHandedOverAtAnUpgrade() throws IOException {
    String address = "127.0.0.1:" + builder.port("plain");
    try (LockgateProcess proxy = start(address, address + "=lockgate.socket")) {
      answers(proxy.port("plain"));
      assertThat(proxy.errors()).doesNotContain("WARN");
      String answer = proxy.admin().post("/upgrade").expect(200).text();
      ProcessHandle next =
          ProcessHandle.of(((Number) Json.object(answer).get("pid")).longValue()).orElseThrow();
      try {
        Patience.until("the one before has ended", () -> !proxy.alive());
        answers(proxy.port("plain"));
      } finally {
        next.destroy();
        Patience.until("the next one ends", () -> !next.isAlive());
      }
    }
  }
}
