package io.lockgate.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.config.model.PathTemplate;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRewriteTest {
  @ParameterizedTest(name = "{0} -> {1}: {2} is forwarded as {3}")
  @CsvSource({
    "/user/([0-9]+),       /u/$1,        /user/12,            /u/12",
    "/user/([0-9]+),       /u/$1,        /user/12?a=%2e%2e&b, /u/12?a=%2e%2e&b",
    "/user/([0-9]+),       /u/$1,        /user/12?,           /u/12?",
    "/user/([0-9]+),       /u/$1,        /user/x,             /user/x",
    "/user/([0-9]+),       /u/$1,        /user/12/more,       /user/12/more",
    "'/(\\w+)/(\\w+)',     /$2/$1/$2,    /a/b,                /b/a/b",
    "/a(/.*)?,             /new$1,       /a,                  /new",
    "/a(x)?,               /$1,          /a,                  /",
    "/a/(.*),              /cost/$$$1,   /a/5,                /cost/$5",
    "/a/(.*),              /b/$1,        /%61/%41,            /b/A"
  })
  void putsGroupsInTheirPlacesAndKeepsTheQuery(
      String regex, String to, String target, String seen) {
    assertThat(forwarded(regex, to, target)).isEqualTo(seen);
  }

  @ParameterizedTest(name = "{0} -> {1}: {2} is forwarded as {3}")
  @CsvSource({
    "/a/(.*), /b/$1,      /a/x%3Fadmin=1,    /b/x%3Fadmin=1",
    "/a/(.*), /b/$1,      /a/x%23y,          /b/x%23y",
    "/a/(.*), /b/$1,      /a/x%0d%0aEvil:1,  /b/x%0D%0AEvil:1",
    "/a/(.*), /b/$1,      /a/x%20y,          /b/x%20y",
    "/a/(.*), /b/$1,      /a/%C3%A9,         /b/%C3%A9",
    "/a/(.*), /b/$1,      /a/%252e%252e,     /b/%252e%252e",
    "/a/(.*), /b/$1,      /a/x%2Fy,          /b/x/y",
    "/a/(.*), /b/$1,      /a/x;v=1/y,        /b/x/y",
    "/a/(.*), /b/$1,      /a//x///y,         /b/x/y",
    "/a(.*),  /$1,        /a//evil.example,  /evil.example",
    "/a(.*),  /b/$1/c,    /a,                /b/c"
  })
  void aGroupIsNothingButPartOfThePath(String regex, String to, String target, String seen) {
    assertThat(forwarded(regex, to, target)).isEqualTo(seen);
  }

  /** No path of a request holds a dot segment; only what is written around a group makes one. */
  @ParameterizedTest
  @CsvSource({
    "/a/(.)z/b, /x/$1./y, /a/.z/b",
    "/a/(.)x,   /x/$1,    /a/.x",
    "/a/(.*),   /x/$1.,   /a/",
    "/a/(.)x,   /$1%2e/y, /a/.x"
  })
  void whatWouldBecomeADotSegmentIsNotForwarded(String regex, String to, String target) {
    assertThat(forwarded(regex, to, target)).isEmpty();
  }

  @Test
  void aGroupThatIsRepeatedOftenMakesNoEndlessPath() {
    String path = "/a/" + "x".repeat(4_000);
    assertThat(forwarded("/a/(.*)", "/$1/$1/$1", path)).isNotEmpty();
    assertThat(forwarded("/a/(.*)", "/$1/$1/$1/$1/$1", path)).isEmpty();
  }

  @Test
  void whatTheClientSentIsStillKnown() {
    RequestHead head = get("/a/b?c");
    assertThat(rewrite("/a/(.*)", "/x/$1").apply(head)).isTrue();
    assertThat(head.target()).isEqualTo("/a/b?c");
    assertThat(head.path().text()).isEqualTo("/a/b");
  }

  @Test
  void anHttp2UpstreamGetsTheSame() {
    RequestHead head = get("/a/b?c");
    assertThat(rewrite("/a/(.*)", "/x/$1").apply(head)).isTrue();
    List<String> paths = new ArrayList<>();
    HeadWriter.visitRequest(
        head,
        0,
        true,
        (bytes, nameStart, nameEnd, valueStart, valueEnd) -> {
          String name =
              new String(bytes, nameStart, nameEnd - nameStart, StandardCharsets.US_ASCII);
          if (name.equals(":path")) {
            paths.add(
                new String(bytes, valueStart, valueEnd - valueStart, StandardCharsets.US_ASCII));
          }
        });
    assertThat(paths).containsExactly("/x/b?c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/(a+)+b", "/(a|aa)+$", "/(.*)*x"})
  void anExpressionThatTakesTooLongIsGivenUp(String regex) {
    RequestHead head = get("/" + "a".repeat(6_000) + "!");
    assertThatThrownBy(() -> rewrite(regex, "/x").apply(head)).isInstanceOf(UndecidedPath.class);
  }

  private static PathRewrite rewrite(String regex, String to) {
    return PathRewrite.of(new RouteConfig.Rewrite(regex, PathTemplate.parse(to)));
  }

  /** The target in the request line; empty where the request is refused. */
  private static String forwarded(String regex, String to, String target) {
    RequestHead head = get(target);
    if (!rewrite(regex, to).apply(head)) {
      return "";
    }
    ByteBuf out = Unpooled.buffer();
    HeadWriter.request(out, head, 0, false);
    String line = out.toString(StandardCharsets.ISO_8859_1).split("\r\n", 2)[0];
    return line.split(" ")[1];
  }

  private static RequestHead get(String target) {
    return TestHeads.request("GET " + target + " HTTP/1.1|Host: a||");
  }
}
