package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Browser;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.NginxOrigin;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.WebSocketOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real browser loads a page with its parts, and speaks WebSocket. */
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

  private static final String TALK =
      """
      <!doctype html><html><head><link rel="icon" href="data:,"></head>
      <body><p id="proof">not yet</p><script>
      const heard = [];
      const socket = new WebSocket('wss://' + location.host + '/echo');
      socket.onopen = () => { socket.send('text'); socket.send(new Uint8Array(70000)); };
      socket.onmessage = event => {
        heard.push(event.data.size || event.data);
        if (heard.length === 2) socket.close(4000, 'enough');
      };
      socket.onclose = event => {
        document.getElementById('proof').textContent =
            'heard ' + heard + ' and ' + event.code + event.reason;
      };
      </script></body></html>
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
        try (Browser browser = browse(proxy, "/page.html")) {
          assertThat(browser.awaitText("#proof", "=").split(" "))
              .containsExactlyInAnyOrder("/page.html=h2", "/script.js=h2", "/style.css=h2");
        }
      }
    }
  }

  @Test
  void speaksWebSocketOverTheConnectionOfItsPage() throws IOException {
    Site site = Site.in(directory);
    try (ScriptedOrigin origin = ScriptedOrigin.playing(ChromiumIT::talk);
        LockgateProcess proxy = site.start(Site.forwardingTo(origin.address()));
        Browser browser = browse(proxy, "/page")) {
      assertThat(browser.awaitText("#proof", "heard")).isEqualTo("heard text,70000 and 4000enough");
      assertThat(proxy.metric("lockgate_http_requests_total", "code=\"101\"", "protocol=\"h2\""))
          .as("RFC 8441")
          .isEqualTo(1);
    }
  }

  private static void talk(ScriptedOrigin.Peer peer) throws IOException {
    HttpMessage head = peer.readHead();
    while (!head.target().equals("/echo")) {
      answer(peer, TALK);
      head = peer.readHead();
    }
    WebSocketOrigin.agreeTo(head, peer);
    WebSocketOrigin.echo(peer);
  }

  private static void answer(ScriptedOrigin.Peer peer, String page) throws IOException {
    peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ");
    peer.write(page.length() + "\r\n\r\n" + page);
  }

  private Browser browse(LockgateProcess proxy, String path) throws IOException {
    Browser browser =
        Browser.start(
            directory, "--ignore-certificate-errors", "--host-resolver-rules=MAP * 127.0.0.1");
    browser.open("https://www.example.com:" + proxy.port("https") + path);
    return browser;
  }
}
