package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoOriginTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private DemoOrigin origin;

  @BeforeEach
  void start() throws IOException {
    origin = DemoOrigin.start(0);
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @Test
  void answersWithTheRequestItGot() throws Exception {
    HttpResponse<String> answer =
        send(to("/a/b?c=d").header("X-Seen", "yes").POST(BodyPublishers.ofString("hello")));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .startsWith("POST /a/b?c=d HTTP/1.1\n")
        .containsIgnoringCase("\nx-seen: yes\n")
        .endsWith("\n\nhello");
  }

  @Test
  void answersInJsonWhereThatIsAccepted() throws Exception {
    HttpResponse<String> answer =
        send(to("/").header("Accept", "application/json").POST(BodyPublishers.ofString("a\"b")));
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.body())
        .startsWith("{\"method\":\"POST\",\"path\":\"/\"")
        .contains("\"body\":\"a\\\"b\"}");
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    HttpResponse<String> answer = send(to("/").method("HEAD", BodyPublishers.noBody()));
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
  }

  @Test
  void echoesABodyUpToItsLimitAndSwallowsTheRest() throws Exception {
    byte[] body = new byte[3 * DemoOrigin.MAX_BODY_BYTES];
    Arrays.fill(body, (byte) 'x');
    String answer = send(to("/").POST(BodyPublishers.ofByteArray(body))).body();
    assertThat(answer.substring(answer.indexOf("\n\n") + 2)).hasSize(DemoOrigin.MAX_BODY_BYTES);
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + origin.port() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(
        request.version(HttpClient.Version.HTTP_1_1).build(), BodyHandlers.ofString());
  }
}
