package io.lockgate.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.config.model.RouteConfig.Match;
import io.lockgate.http.HeadLimits;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.RequestCheck;
import io.lockgate.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No spelling of a path chooses another route than the one whose server would understand it so,
 * however liberal that server is: it is refused, or it goes where its plainest form goes.
 */
class PathSpellingTest {
  private static final HeadLimits LIMITS = new HeadLimits(32 * 1024, 128, 8 * 1024);

  private final RouteTable routes =
      RouteTable.compile(
          List.of(
              route(new Match.Prefix("/admin"), "admin", Optional.empty()),
              route(new Match.Exact("/login"), "login", Optional.empty()),
              route(new Match.Regex("/secret(/.*)?"), "secret", Optional.empty()),
              route(new Match.Prefix("/caf%C3%A9"), "cafe", Optional.empty()),
              route(new Match.Prefix("/api"), "api", Optional.of("/api")),
              route(new Match.Prefix("/"), "other", Optional.empty())),
          name -> null);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // What is written,       where it goes, what is forwarded
    "/admin/x,                admin,   /admin/x",
    "/admin,                  admin,   /admin",
    "/%61dmin/x,              admin,   /%61dmin/x",
    "/%61%64%6D%69%6e,        admin,   /%61%64%6D%69%6e",
    "//admin/x,               admin,   //admin/x",
    "/admin//x,               admin,   /admin//x",
    "/%2Fadmin/x,             admin,   /%2Fadmin/x",
    "/%2fadmin%2fx,           admin,   /%2fadmin%2fx",
    "/;/admin/x,              admin,   /;/admin/x",
    "/;x=y/admin,             admin,   /;x=y/admin",
    "/admin;x=y/z,            admin,   /admin;x=y/z",
    "/admin%3Bx/y,            admin,   /admin%3Bx/y",
    "/admin%5Cx,              admin,   /admin%5Cx",
    "/%5Cadmin,               admin,   /%5Cadmin",
    "/admin?/../x,            admin,   /admin?/../x",
    "/admin%3F/x,             other,   /admin%3F/x",
    "/admin%23,               other,   /admin%23",
    "/administer,             other,   /administer",
    "/Admin,                  other,   /Admin",
    "/%2561dmin,              other,   /%2561dmin",
    "/%252e%252e/admin,       other,   /%252e%252e/admin",
    "/api/%252e%252e/admin,   api,     /%252e%252e/admin",
    "/api/%252fadmin,         api,     /%252fadmin",
    "/login,                  login,   /login",
    "/log%69n,                login,   /log%69n",
    "/login;jsessionid=1,     login,   /login;jsessionid=1",
    "//login,                 login,   //login",
    "/secret,                 secret,  /secret",
    "/secret/a%0Ab,           secret,  /secret/a%0Ab",
    "/secret/%0D%0A,          secret,  /secret/%0D%0A",
    "/secret/%C2%85,          secret,  /secret/%C2%85",
    "/secret;v/x,             secret,  /secret;v/x",
    "/caf%C3%A9/x,            cafe,    /caf%C3%A9/x",
    "/caf%c3%a9,              cafe,    /caf%c3%a9",
    "/api,                    api,     /",
    "/api/x,                  api,     /x",
    "/api/admin,              api,     /admin",
    "/api;v=1/x,              api,     /x",
    "/api%2Fx,                api,     /%2Fx",
    "//api//x,                api,     /x",
    "/api//evil.example/x,    api,     /evil.example/x",
    "/api///evil.example,     api,     /evil.example",
    "/api/;//x,               api,     /;//x",
    "/api/../admin,           refused, ''",
    "/api/..,                 refused, ''",
    "/../admin,               refused, ''",
    "/./admin,                refused, ''",
    "/api/%2e%2e/admin,       refused, ''",
    "/api/%2E%2e/admin,       refused, ''",
    "/api/.%2e/admin,         refused, ''",
    "/api/..%2Fadmin,         refused, ''",
    "/api%2F..%2Fadmin,       refused, ''",
    "/api/..;/admin,          refused, ''",
    "/api/..;x=y/admin,       refused, ''",
    "/api/..%3B/admin,        refused, ''",
    "/api/%2e%2e;x/admin,     refused, ''",
    "/api/..%5Cadmin,         refused, ''",
    "/api%5C..%5Cadmin,       refused, ''",
    "'/api\\..\\admin',       refused, ''",
    "'/api\\admin',           refused, ''",
    "/api//../admin,          refused, ''",
    "/api/..//admin,          refused, ''",
    "/admin%00,               refused, ''",
    "/api/%00/admin,          refused, ''",
    "/%zz,                    refused, ''",
    "/%6,                     refused, ''",
    "/%,                      refused, ''",
    "/admin#x,                refused, ''",
    "http://a/api/../admin,   refused, ''",
    "http://a//admin/x,       admin,   //admin/x",
    "http://a/%61dmin,        admin,   /%61dmin",
    "http://a?/admin,         other,   /?/admin"
  })
  void goesWhereItsPlainestFormGoesOrNowhere(String target, String chosen, String forwarded) {
    RequestHead head = new RequestHead();
    ByteBuf text =
        Unpooled.copiedBuffer(
            "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n", StandardCharsets.ISO_8859_1);
    boolean accepted =
        new HeadScanner(LIMITS).scanRequest(text, head) == HeadScanner.Progress.COMPLETE
            && RequestCheck.http1(head).accepted();
    if (!accepted) {
      assertThat("refused").isEqualTo(chosen);
      return;
    }
    Route route = routes.match(head).orElseThrow();
    assertThat(((Action.Respond) route.action()).contentType()).hasToString(chosen);
    assertThat(outgoing(head, route)).isEqualTo(forwarded);
  }

  private static String outgoing(RequestHead head, Route route) {
    ByteBuf out = Unpooled.buffer();
    int skipped = route.stripPrefix() == 0 ? 0 : head.path().rawLength(route.stripPrefix());
    HeadWriter.request(out, head, skipped, false);
    return out.toString(StandardCharsets.ISO_8859_1).split(" ", 3)[1];
  }

  /** Its answer names the route. */
  private static RouteConfig route(Match match, String name, Optional<String> stripPrefix) {
    return new RouteConfig(
        match,
        List.of(),
        new RouteAction.RespondWith(200, "", name),
        stripPrefix,
        Optional.empty(),
        OptionalLong.empty(),
        new RequestLimit.Choice.Common(),
        FieldEdits.NONE,
        FieldEdits.NONE);
  }
}
