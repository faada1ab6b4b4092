package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.NginxOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real browser loads a page with its parts. */
class ChromiumIT {
  private static final String PAGE =
      """
      <!doctype html><html><head><title>page</title><link rel="stylesheet" href="/style.css">
      <link rel="icon" href="data:,"></head><body><p id="proof">not yet</p>
      <script src="/script.js"></script></body></html>
      """;
  private static final String SCRIPT =
      """
      window.addEventListener('load', () => {
        const all = performance.getEntriesByType('navigation')
            .concat(performance.getEntriesByType('resource'));
        document.getElementById('proof').textContent =
            all.map(e => new URL(e.name).pathname + '=' + e.nextHopProtocol).join(' ');
      });
      """;

  @TempDir Path directory;

  @Test
  void loadsAPageAndItsPartsOverHttp2() throws IOException {
    Site site = Site.in(directory);
    try (NginxOrigin origin = NginxOrigin.start(directory.resolve("nginx"))) {
      Files.writeString(origin.root().resolve("page.html"), PAGE);
      Files.writeString(origin.root().resolve("script.js"), SCRIPT);
      Files.writeString(origin.root().resolve("style.css"), "p { color: green }");
      try (LockgateProcess proxy = site.start(Site.forwardingTo(origin.address()))) {
        String dom = browse(proxy, "/page.html").expectSuccess().output();
        assertThat(dom)
            .contains("/page.html=h2", "/script.js=h2", "/style.css=h2")
            .doesNotContain("not yet");
      }
    }
  }

  private Command.Result browse(LockgateProcess proxy, String path) {
    return Command.of(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--user-data-dir=" + directory.resolve("profile"),
            "--ignore-certificate-errors",
            "--host-resolver-rules=MAP * 127.0.0.1",
            "--virtual-time-budget=10000",
            "--dump-dom",
            "https://www.example.com:" + proxy.port("https") + path)
        .atMost(Duration.ofSeconds(90))
        .run();
  }
}
