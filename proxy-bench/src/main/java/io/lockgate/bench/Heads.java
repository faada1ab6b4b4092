package io.lockgate.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.HeadLimits;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.HeadScanner.Progress;
import io.lockgate.http.RequestCheck;
import io.lockgate.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The messages that are measured; a bar stands for a line end. */
final class Heads {
  static final HeadLimits LIMITS = new HeadLimits(32 * 1024, 128, 8 * 1024);
  static final AsciiBytes DATE = AsciiBytes.of("Sun, 06 Nov 1994 08:49:37 GMT");

  /** What a browser sends. */
  static final String REQUEST =
      "GET /api/v1/items?page=2&order=price HTTP/1.1|Host: www.example.test"
          + "|User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
          + "|Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
          + "|Accept-Language: en-GB,en;q=0.5|Accept-Encoding: gzip, deflate, br, zstd"
          + "|Referer: https://www.example.test/items|Connection: keep-alive"
          + "|Cookie: theme=dark; visit=8d2b5a1c90f34c7e; cart=17"
          + "|Sec-Fetch-Dest: document|Sec-Fetch-Mode: navigate|Sec-Fetch-Site: same-origin"
          + "|X-Forwarded-For: 198.51.100.7|Cache-Control: max-age=0||";

  /** What an application answers. */
  static final String RESPONSE =
      "HTTP/1.1 200 OK|Server: app/3.1|Date: Sun, 06 Nov 1994 08:49:37 GMT"
          + "|Content-Type: text/html; charset=utf-8|Content-Length: 18274"
          + "|Connection: keep-alive|Keep-Alive: timeout=60|Vary: Accept-Encoding"
          + "|Cache-Control: private, max-age=60|ETag: \"8d2b5a1c90f34c7e\""
          + "|Set-Cookie: visit=8d2b5a1c90f34c7e; Path=/; Secure; HttpOnly"
          + "|X-Content-Type-Options: nosniff||";

  private Heads() {}

  /** Its octets outside the heap, where the engine leaves what it has decrypted. */
  static ByteBuf octets(String text) {
    return Unpooled.directBuffer().writeBytes(text.replace("|", "\r\n").getBytes(ISO_8859_1));
  }

  /** A checked request for a path. */
  static RequestHead request(String path) {
    RequestHead head = new RequestHead();
    ByteBuf octets = octets("GET " + path + " HTTP/1.1|Host: www.example.test||");
    boolean good =
        new HeadScanner(LIMITS).scanRequest(octets, head) == Progress.COMPLETE
            && RequestCheck.http1(head).accepted();
    octets.release();
    if (!good) {
      throw new IllegalArgumentException(path);
    }
    return head;
  }
}
