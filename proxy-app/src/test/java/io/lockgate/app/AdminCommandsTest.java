package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that talk to a running daemon, against an endpoint that says what it is told to. */
class AdminCommandsTest {
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final Recorded process = new Recorded();
  private HttpServer endpoint;

  @BeforeEach
  void start() throws IOException {
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.start();
  }

  @AfterEach
  void stop() {
    endpoint.stop(0);
  }

  @Nested
  class Reload {
    @Test
    void asksByPostAndPrintsTheGenerationAndItsChanges() {
      answer("/reload", 200, "{\"generation\":5,\"changes\":[\"host a.example added\"]}");
      assertThat(lockgate("reload")).isEqualTo(0);
      assertThat(requests).containsExactly("POST /reload null");
      assertThat(process.out()).isEqualTo("generation 5\n  host a.example added\n");
    }

    @Test
    void aRejectedConfigurationIsPrintedAndHasItsOwnExitCode() {
      answer(
          "/reload",
          422,
          "{\"errors\":[{\"code\":\"unknown-key\",\"message\":\"no such key: prot\","
              + "\"file\":\"no/a.conf\",\"line\":3,\"hint\":\"did you mean port?\"}]}");
      assertThat(lockgate("reload")).isEqualTo(78);
      assertThat(process.err())
          .isEqualTo(
              """
              error[unknown-key]: no such key: prot
                --> no/a.conf:3
                 = help: did you mean port?
              1 error, 0 warnings. Nothing was changed.
              """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"address-in-use", "stopping"})
    void whatWillPassIsToBeTriedAgainLater(String code) {
      answer("/reload", 422, "{\"errors\":[" + error(code) + "]}");
      assertThat(lockgate("reload")).isEqualTo(75);
    }

    @Test
    void whatIsWrongBesidesIsNotToBeTriedAgain() {
      String errors = error("address-in-use") + "," + error("unknown-key");
      answer("/reload", 422, "{\"errors\":[" + errors + "]}");
      assertThat(lockgate("reload")).isEqualTo(78);
    }

    @Test
    void whatStandsInNoFileIsSaidWithoutAPlace() {
      answer("/reload", 422, "{\"errors\":[" + error("stopping") + "]}");
      lockgate("reload");
      assertThat(process.err())
          .isEqualTo("error[stopping]: no\n1 error, 0 warnings. Nothing was changed.\n");
    }

    private static String error(String code) {
      return "{\"code\":\"%s\",\"message\":\"no\",\"file\":\"built-in\",\"line\":0}"
          .formatted(code);
    }

    @Test
    void jsonIsTheDaemonsOwnAnswer() {
      answer("/reload", 422, "{\"errors\":[]}");
      assertThat(lockgate("reload", "--json")).isEqualTo(78);
      assertThat(process.out()).isEqualTo("{\"errors\":[]}\n");
    }
  }

  @Nested
  class Status {
    @Test
    void aReadyDaemonIsGood() {
      answer("/readyz", 200, "ok");
      assertThat(lockgate("status")).isEqualTo(0);
      assertThat(process.out()).isEqualTo("ready\n");
      assertThat(requests).containsExactly("GET /readyz null");
    }

    @Test
    void aDrainingDaemonFailsWithItsReason() {
      answer("/readyz", 503, "{\"error\":\"draining\",\"hint\":\"wait\"}");
      assertThat(lockgate("status", "--json")).isEqualTo(1);
      assertThat(process.out())
          .isEqualTo(
              "{\"ready\":false,\"reason\":\"draining\",\"admin\":\"127.0.0.1:%d\"}\n"
                  .formatted(endpoint.getAddress().getPort()));
    }
  }

  @Nested
  class TheToken {
    @Test
    void comesFromTheEnvironment() {
      Recorded withToken = new Recorded(Map.of("LOCKGATE_ADMIN_TOKEN", "s3cret"));
      answer("/drain", 202, "");
      withToken.lockgate("drain", "--admin", address());
      assertThat(requests).containsExactly("POST /drain Bearer s3cret");
    }

    @Test
    void ofTheCommandLineWins() {
      Recorded withToken = new Recorded(Map.of("LOCKGATE_ADMIN_TOKEN", "s3cret"));
      answer("/drain", 202, "");
      withToken.lockgate("drain", "--admin", address(), "--token", "other");
      assertThat(requests).containsExactly("POST /drain Bearer other");
    }

    @Test
    void thatIsMissingIsNamedAsTheReason() {
      answer("/drain", 401, "{\"error\":\"token required\"}");
      assertThat(lockgate("drain")).isEqualTo(1);
      assertThat(process.err()).contains("a token may be missing or wrong: token required");
    }
  }

  @Test
  void whereNoDaemonAnswersTheCommandFailsAndNamesTheAddress() throws IOException {
    int unused;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = socket.getLocalPort();
    }
    assertThat(process.lockgate("status", "--admin", "127.0.0.1:" + unused)).isEqualTo(1);
    assertThat(process.err()).contains("no daemon answers at 127.0.0.1:" + unused);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999", "a@b:1", ""})
  void whatIsNoAddressIsWrongUsage(String address) {
    assertThat(process.lockgate("certs", "--admin", address)).isEqualTo(2);
    assertThat(process.err()).contains("--admin takes a host and a port", '"' + address + '"');
  }

  private int lockgate(String command, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = command;
    arguments[1] = "--admin";
    arguments[2] = address();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return process.lockgate(arguments);
  }

  private String address() {
    return "127.0.0.1:" + endpoint.getAddress().getPort();
  }

  private void answer(String path, int status, String body) {
    endpoint.createContext(
        path,
        exchange -> {
          requests.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
