package io.lockgate.admin;

import static io.lockgate.admin.ServedAdmin.LOOPBACK;
import static io.lockgate.admin.ServedAdmin.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.admin.RawExchange.Reply;
import io.lockgate.config.model.BindAddress;
import io.lockgate.testkit.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How the dashboard gets to a browser; what it does there is for a browser to test. */
class DashboardServerTest {
  private static final BindAddress ANY = new BindAddress("0.0.0.0", 0);

  private final ServedAdmin admin = new ServedAdmin(Clock.systemUTC());

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void pageLoadsNothingFromElsewhereAndHoldsNoScript() throws IOException {
    admin.start(LOOPBACK, "");
    Reply page = get("/", "");

    assertThat(page.field("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.body())
        .doesNotContain("http:", "https:", "//", " style=", "<style")
        .doesNotContainPattern("\\son[a-z]+=")
        .doesNotContainPattern("<script(?![^>]* src=)");
  }

  @Test
  void pageForbidsWhatItDoesNotNeed() throws IOException {
    admin.start(LOOPBACK, "");

    assertThat(get("/", "").field("content-security-policy").orElseThrow())
        .contains(
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'")
        .doesNotContain("unsafe", "*", "data:");
  }

  @Test
  void everyFileThatThePageNamesIsThere() throws IOException {
    admin.start(LOOPBACK, "");
    Matcher names = Pattern.compile("(?:href|src)=\"(dashboard/[^\"]+)\"").matcher(page());

    List<Integer> statuses = new ArrayList<>();
    while (names.find()) {
      statuses.add(get("/" + names.group(1), "").status());
    }
    assertThat(statuses).hasSizeGreaterThan(4).containsOnly(200);
  }

  @ParameterizedTest
  @MethodSource("io.lockgate.admin.DashboardFiles#paths")
  void browserKeepsFilesAndAsksWhetherTheyAreStillTheSame(String path) throws IOException {
    admin.start(LOOPBACK, "");
    Reply first = get(path, "");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.field("cache-control")).contains("private, no-cache");
    assertThat(first.field("x-content-type-options")).contains("nosniff");

    String tag = first.field("etag").orElseThrow();
    String again = raw(path, "If-None-Match: " + tag + "\r\n");
    assertThat(again).startsWith("HTTP/1.1 304").endsWith("\r\n\r\n");
    assertThat(get(path, "If-None-Match: \"another\"\r\n").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dashboard/",
        "/dashboard/../Endpoints.class",
        "/dashboard/index.html",
        "/dashboard/main.js/",
        "/dashboard/MAIN.JS"
      })
  void noOtherFileIsServed(String path) throws IOException {
    admin.start(LOOPBACK, "");

    assertThat(get(path, "").status()).isEqualTo(404);
  }

  @Test
  void filesTakeNoPost() throws IOException {
    admin.start(LOOPBACK, "");

    assertThat(admin.send(request("POST", "/dashboard/main.js", "localhost", "")).status())
        .isIn(404, 405);
  }

  @Test
  void browserWithoutTheTokenGetsThePageThatAsksForIt() throws IOException {
    admin.start(ANY, "s3cret");
    Reply page = get("/", "Accept: text/html,*/*;q=0.8\r\n");

    assertThat(page.status()).isEqualTo(401);
    assertThat(page.field("www-authenticate")).contains("Bearer realm=\"lockgate\"");
    assertThat(page.field("cache-control")).contains("no-store");
    assertThat(page.body()).contains("<!doctype html>").doesNotContain("1.2.3", "www.example");
    assertThat(get("/dashboard/main.js", "").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/events", "/history", "/endpoints", "/stats"})
  void withoutTheTokenThePageLearnsNothing(String path) throws IOException {
    admin.start(ANY, "s3cret");
    String accept = "Accept: text/html\r\n";

    assertThat(get(path, accept).status()).isEqualTo(401);
    assertThat(get(path, accept).body()).contains("token required");
  }

  @Test
  void tellsWhatThereIsToSeeAgainAndAgain() throws IOException {
    admin.start(LOOPBACK, "");
    try (Subscription subscription = subscribe("")) {
      assertThat(subscription.status()).contains(" 200 ");
      JsonNode first = subscription.next();
      assertThat(first.at("/version").asString()).isEqualTo("1.2.3");
      assertThat(first.at("/certificates/soonest/0/name").asString()).isEqualTo("www");
      assertThat(first.at("/upstreams/servers").asInt()).isEqualTo(1);
      assertThat(first.at("/failures/0/reason").asString()).isEqualTo("timeout");
      assertThat(first.at("/alerts/state").asString()).isEqualTo("ok");

      admin.sources.state = io.lockgate.proxy.Proxy.State.DRAINING;
      String state = "ready";
      while (state.equals("ready")) {
        state = subscription.next().at("/state").asString();
      }
      assertThat(state).isEqualTo("draining");
    }
  }

  @Test
  void streamIsForNoForeignPage() throws IOException {
    admin.start(LOOPBACK, "");

    assertThat(get("/events", "Origin: http://evil.example\r\n").status()).isEqualTo(403);
    assertThat(get("/events", "Sec-Fetch-Site: cross-site\r\n").status()).isEqualTo(403);
  }

  @Test
  void headOfTheStreamIsAnsweredLikeAnyOther() throws IOException {
    admin.start(LOOPBACK, "");
    String head = RawExchange.bytes(admin.address(), request("HEAD", "/events", "localhost", ""));

    assertThat(head).startsWith("HTTP/1.1 200").contains("text/event-stream");
  }

  @Test
  void watchersAreBoundedAndMakeRoomWhenTheyLeave() throws IOException {
    admin.start(LOOPBACK, "");
    List<Subscription> watching = new ArrayList<>();
    for (int i = 0; i < LiveFeed.MOST_SUBSCRIBERS; i++) {
      watching.add(subscribe(""));
    }
    assertThat(get("/events", "").status()).isEqualTo(503);
    assertThat(get("/livez", "").status()).isEqualTo(200);

    watching.get(0).close();
    Patience.until(
        "there is room again",
        () -> {
          try (Subscription another = subscribe("")) {
            return another.status().contains(" 200 ");
          }
        });
    for (Subscription subscription : watching) {
      subscription.close();
    }
  }

  @Test
  void whoSpeaksIntoTheStreamIsCutOff() throws IOException {
    admin.start(LOOPBACK, "");
    try (Socket socket = RawExchange.connect(admin.address())) {
      String request = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write((request + request).getBytes(ISO_8859_1));
      String all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);

      assertThat(all.split("HTTP/1.1 ", -1)).as("answers").hasSize(2);
    }
  }

  @Test
  void historyOfAHostThatHasNoneIsEmpty() throws IOException {
    admin.start(LOOPBACK, "");

    assertThat(get("/history", "").status()).isEqualTo(200);
    assertThat(get("/history?host=", "").status()).isEqualTo(200);
    assertThat(get("/history?host=nobody", "").body()).contains("nobody").contains("\"times\":[]");
  }

  private String page() throws IOException {
    return get("/", "").body();
  }

  private Reply get(String path, String fields) throws IOException {
    return admin.send(request("GET", path, "localhost", fields));
  }

  private String raw(String path, String fields) throws IOException {
    return RawExchange.bytes(admin.address(), request("GET", path, "localhost", fields));
  }

  private Subscription subscribe(String fields) throws IOException {
    Socket socket = RawExchange.connect(admin.address());
    String request = "GET /events HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    return new Subscription(socket, lines, lines.readLine());
  }

  private record Subscription(Socket socket, BufferedReader lines, String status)
      implements AutoCloseable {
    /** The document of the next event. */
    JsonNode next() throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ")) {
          return JsonMapper.shared().readTree(line.substring("data: ".length()));
        }
      }
      throw new AssertionError("the stream ended");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
