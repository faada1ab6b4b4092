package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Browser;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard in a real browser, beside a proxy with real clients. */
class DashboardIT {
  private static final String TOKEN = "t0ken-for-tests";

  @TempDir static Path directory;
  private static Site site;
  private static EchoOrigin origin;
  private static LockgateProcess proxy;
  private static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
    proxy =
        LockgateProcess.in(directory)
            .config(
                Site.forwardingTo(origin.address())
                    + "lockgate.admin { address = \"127.0.0.1:{{admin}}\", token = \""
                    + TOKEN
                    + "\" }\n")
            .start();
    try (RawClient client = site.connect(proxy)) {
      client.send(Site.get("/")).readResponse();
    }
    browser = Browser.start(directory);
    browser.open("http://127.0.0.1:" + proxy.port("admin") + "/");
    browser.awaitText("#state", "ready");
  }

  @AfterAll
  static void stop() throws IOException {
    browser.close();
    proxy.close();
    origin.close();
  }

  @BeforeEach
  void widen() {
    browser.width(1280);
  }

  @AfterEach
  void browserHasNothingToComplainAbout() {
    // It writes down that an order was refused for want of a token.
    assertThat(browser.problems()).allMatch(text -> text.contains("/reload"));
  }

  @Test
  void showsAHostThatHasTraffic() {
    view("overview");
    browser.awaitText("#hosts", Site.WWW);
    assertThat(browser.text("#horizon")).contains("One certificate");
  }

  @Test
  void failedHandshakeAppearsWithItsExplanation() {
    view("oncall");
    site.sClient(proxy, "-servername", Site.WWW, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0").run();

    String latest = browser.awaitText("#latest", "protocol version");
    assertThat(latest).contains(Site.WWW, "TLS 1.1", "tls.policy", "127.0.0.1");
  }

  @Test
  void debugTellsWhatClientsOfAHostSpeak() {
    view("debug/" + Site.WWW);
    browser.awaitText("#mix", "TLSv1.3");
    assertThat(browser.text("#served")).contains("intermediate", "app");
  }

  @Test
  void whatClientsInventStaysText() {
    String protocol = "<img/src=x/onerror=document.title=1>";
    view("oncall");
    site.sClient(proxy, "-servername", Site.WWW, "-alpn", protocol).run();

    browser.awaitText("#latest", "no application protocol");
    assertThat(browser.evaluate("document.querySelector('#latest').textContent"))
        .contains(protocol);
    assertThat(browser.evaluate("String(document.querySelectorAll('#latest img').length)"))
        .isEqualTo("0");
  }

  @Test
  void reloadsAfterConfirmationWithTheToken() {
    view("overview");
    browser.click("[data-order=reload]");
    assertThat(browser.text("#confirm-title")).contains("Reload");
    assertThat(reloads()).isEqualTo(1);

    browser.click("#confirm-yes"); // it was told that a token is needed
    Patience.until(
        "the token is asked for",
        () -> browser.evaluate("document.querySelector('#confirm-token').hidden").equals("false"));
    browser.evaluate("document.querySelector('#token').value = '" + TOKEN + "'");
    browser.click("#confirm-yes");

    browser.awaitText("#notice", "Reloaded");
    assertThat(reloads()).isEqualTo(2);
    assertThat(browser.evaluate("document.documentElement.outerHTML")).doesNotContain(TOKEN);
  }

  @Test
  void cancelledOrderIsNotGiven() {
    view("overview");
    browser.click("[data-order=drain]");
    browser.click("#confirm [value=no]");

    assertThat(browser.evaluate("document.querySelector('#confirm').open")).isEqualTo("false");
    proxy.admin().get("/readyz").expect(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"overview", "oncall", "debug"})
  void fitsOnAPhone(String name) {
    browser.width(390);
    view(name);

    assertThat(browser.evaluate("String(document.documentElement.scrollWidth)")).isEqualTo("390");
  }

  @ParameterizedTest
  @ValueSource(strings = {"overview", "oncall", "debug"})
  void everythingToSeeHasAName(String name) {
    view(name);

    assertThat(
            browser.evaluate(
                """
                [...document.querySelectorAll('button, input, a, table, [role], nav, section')]
                    .filter((e) => !(e.innerText || e.labels?.length || e.getAttribute('aria-label')
                        || e.getAttribute('aria-labelledby') || e.querySelector('caption') || e.hidden
                        || e.role === 'status' || e.role === 'alert' || !e.checkVisibility()))
                    .map((e) => e.outerHTML).join('\\n')
                """))
        .isEmpty();
  }

  private static void view(String name) {
    browser.evaluate("location.hash = '" + name + "'");
    Patience.until(
        "the view is shown",
        () ->
            browser
                .evaluate("document.querySelector('#" + name.split("/", 2)[0] + "').hidden")
                .equals("false"));
  }

  private static int reloads() {
    return proxy.admin("/reloads").split("\"generation\"", -1).length - 1;
  }
}
