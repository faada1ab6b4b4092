package io.lockgate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.admin.HostView.ClientAuthView;
import io.lockgate.admin.HostView.RouteView;
import io.lockgate.config.model.AllowRule;
import io.lockgate.config.model.ClientAuthConfig;
import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HostViewTest {
  @Test
  void showsItsRoutesInTheOrderInWhichTheyAreTried() {
    HostView view = HostView.of(host("www.example.com"), List.of("exact"));

    assertThat(view.routes())
        .containsExactly(
            new RouteView("exact", "/old", List.of(), "redirect", "/new"),
            new RouteView("regex", "/[a-z]+", List.of("GET"), "respond", "204"),
            new RouteView("prefix", "/", List.of(), "forward", "app"));
  }

  @Test
  void showsWhatIsAskedOfClientCertificates() {
    HostConfig plain = host("www.example.com");
    assertThat(HostView.of(plain, List.of()).clientAuth().mode()).isEqualTo("off");
    HostConfig asking =
        new HostConfig(
            plain.name(),
            plain.aliases(),
            plain.listeners(),
            plain.tlsPolicy(),
            Optional.of(
                new ClientAuthConfig(
                    ClientAuthConfig.Mode.REQUIRED,
                    List.of(Path.of("/ca.pem")),
                    List.of(Path.of("/ca.crl")),
                    List.of(AllowRule.parse("dns:*.example.com")),
                    List.of(ClientAuthConfig.Forward.CLIENT_CERT))),
            plain.hsts(),
            plain.answers(),
            plain.routes());
    assertThat(HostView.of(asking, List.of()).clientAuth())
        .isEqualTo(
            new ClientAuthView(
                "required",
                List.of("/ca.pem"),
                List.of("/ca.crl"),
                List.of("dns:*.example.com"),
                List.of("client-cert")));
  }

  private static HostConfig host(String name, String... aliases) {
    return new HostConfig(
        HostPattern.parse(name),
        Arrays.stream(aliases).map(HostPattern::parse).toList(),
        List.of(),
        "intermediate",
        Optional.empty(),
        List.of(
            route(new RouteConfig.Match.Exact("/old"), new RouteAction.RedirectTo("/new", 308)),
            route(
                new RouteConfig.Match.Regex("/[a-z]+"),
                new RouteAction.RespondWith(204, "", "text/plain"),
                "GET"),
            route(new RouteConfig.Match.Prefix("/"), new RouteAction.ForwardTo("app"))));
  }

  private static RouteConfig route(RouteConfig.Match match, RouteAction action, String... methods) {
    return new RouteConfig(
        match,
        List.of(methods),
        action,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        new RequestLimit.Choice.Common(),
        FieldEdits.NONE,
        FieldEdits.NONE);
  }
}
