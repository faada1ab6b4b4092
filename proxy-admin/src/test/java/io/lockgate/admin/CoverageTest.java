package io.lockgate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.admin.HostView.RouteView;
import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.CertificateFacts;
import io.lockgate.pki.Identity;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private static final TestCa CA = TestCa.root();

  @Test
  void relatesHostsAndCertificatesByExactNameAliasAndWildcard() {
    HostConfig www = host("www.example.com", "example.com");
    HostConfig apps = host("*.apps.example.com");
    HostConfig deep = host("a.b.example.com");
    CertificateEntry exact = certificate("exact", "www.example.com");
    CertificateEntry wild = certificate("wild", "*.example.com", "*.apps.example.com");
    CertificateEntry apex = certificate("apex", "example.com");
    Coverage coverage = new Coverage(List.of(www, apps, deep), List.of(exact, wild, apex));

    assertThat(coverage.certificatesOf(www)).containsExactlyInAnyOrder("exact", "wild", "apex");
    assertThat(coverage.certificatesOf(apps)).containsExactly("wild");
    assertThat(coverage.certificatesOf(deep)).as("a wildcard stands for one label").isEmpty();
    assertThat(coverage.hostsOf(wild))
        .containsExactlyInAnyOrder("www.example.com", "*.apps.example.com");
  }

  @Test
  void aHostShowsItsRoutesInTheOrderInWhichTheyAreTried() {
    HostView view = HostView.of(host("www.example.com"), List.of("exact"));

    assertThat(view.routes())
        .containsExactly(
            new RouteView("exact", "/old", List.of(), "redirect", "/new"),
            new RouteView("regex", "/[a-z]+", List.of("GET"), "respond", "204"),
            new RouteView("prefix", "/", List.of(), "forward", "app"));
  }

  @Test
  void aCertificateShowsWhatAnOperatorAsksFor() {
    CertificateEntry entry = certificate("www", "www.example.com");
    Instant now = entry.identity().notAfter().minusSeconds(3 * 86_400 + 60);

    CertificateView view =
        CertificateView.of(CertificateFacts.of(entry, now), List.of("www.example.com"));
    assertThat(view.daysLeft()).isEqualTo(3);
    assertThat(view.names()).containsExactly("www.example.com");
    assertThat(view.hosts()).containsExactly("www.example.com");
    assertThat(view.owner()).isEqualTo("team-web");
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
        FieldEdits.NONE,
        FieldEdits.NONE);
  }

  private static CertificateEntry certificate(String name, String... names) {
    TestIdentity issued = CA.issue(names);
    return new CertificateEntry(
        name,
        name,
        "certs/" + name + ".pem",
        Optional.of("team-web"),
        Identity.of(issued.chain(), issued.key()),
        List.of());
  }
}
