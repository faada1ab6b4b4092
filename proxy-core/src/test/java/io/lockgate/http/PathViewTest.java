package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathViewTest {
  private final PathView view = new PathView();

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/api/x, /api/x",
    "/%61pi, /api",
    "/%41%2d%7E, /A-~",
    "//api, /api",
    "/api//x///, /api/x/",
    "/api;v=1/x;y, /api/x",
    "/api%3bv/x, /api/x",
    "/api%2Fx, /api/x",
    "/%2Fadmin, /admin",
    "/api%5Cx, /api/x",
    "/.well-known/x, /.well-known/x",
    "/.../x, /.../x",
    "/a./b, /a./b",
    "/a..b, /a..b",
    "/%252e%252e/x, /%2e%2e/x",
    "/a%20b, '/a b'",
    "/;x/y, /y"
  })
  void seesAPathAsTheMostLiberalServerWould(String raw, String seen) {
    assertThat(read(raw)).isNull();
    assertThat(view.text()).isEqualTo(seen);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/.",
        "/../x",
        "/a/..",
        "/a/./b",
        "/a/../b",
        "/%2e%2e/x",
        "/%2E./x",
        "/.%2e/x",
        "/..;/x",
        "/.;a=b/x",
        "/..%3bx/y",
        "/a%2F..%2Fb",
        "/a%2f%2e%2e",
        "/..%5cx",
        "/a%5C..%5Cb",
        "/a/..//b",
        "//..",
        "/a/%2e"
      })
  void refusesDotSegmentsInEveryDisguise(String raw) {
    assertThat(read(raw)).isEqualTo(FramingRule.DOT_SEGMENT);
  }

  @Test
  void copiesNothingWhereThereIsNothingToNormalise() {
    byte[] bytes = "xx/api/a.b-c_d~e:f@g".getBytes(StandardCharsets.US_ASCII);
    assertThat(view.view(bytes, 2, bytes.length)).isNull();
    assertThat(view.plain()).isTrue();
    assertThat(view.bytes()).isSameAs(bytes);
    assertThat(view.start()).isEqualTo(2);
    assertThat(view.end()).isEqualTo(bytes.length);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/x, /api, /api",
    "/%61pi/x, /api, /%61pi",
    "//api/x, /api, //api",
    "/api;v=1/x, /api, /api;v=1",
    "/api%2fx, /api, /api",
    "/%61%70i, /api, /%61%70i"
  })
  void tellsHowManyRawOctetsAPrefixStandsFor(String raw, String prefix, String rawPrefix) {
    assertThat(read(raw)).isNull();
    assertThat(view.rawLength(prefix.length())).isEqualTo(rawPrefix.length());
    assertThat(view.text()).as("asking changes nothing").startsWith(prefix);
  }

  @Test
  void forgetsTheLastPath() {
    assertThat(read("/%61")).isNull();
    assertThat(read("/b")).isNull();
    assertThat(view.text()).isEqualTo("/b");
    view.clear();
    assertThat(view.text()).isEmpty();
  }

  private FramingRule read(String raw) {
    byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
    return view.view(bytes, 0, bytes.length);
  }
}
