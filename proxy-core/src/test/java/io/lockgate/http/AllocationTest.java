package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lockgate.config.model.HttpConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way of a good request through this package costs no memory. */
class AllocationTest {
  private static final String REQUEST =
      "GET /api/v1/items?page=2 HTTP/1.1|Host: www.example.test|User-Agent: Mozilla/5.0 (X11)"
          + "|Accept: text/html,application/xhtml+xml|Accept-Language: en-GB,en;q=0.5"
          + "|Accept-Encoding: gzip, deflate, br|Connection: keep-alive|Cookie: a=b; c=d"
          + "|X-Forwarded-For: 6.6.6.6|Cache-Control: max-age=0||";
  private static final String RESPONSE =
      "HTTP/1.1 200 OK|Server: x|Content-Type: text/html|Content-Length: 1024|Date: then||";
  private static final AsciiBytes DATE = AsciiBytes.of("Sun, 06 Nov 1994 08:49:37 GMT");
  private static final int ROUNDS = 2000;

  private final ByteBuf request = Heads.octets(REQUEST);
  private final ByteBuf response = Heads.octets(RESPONSE);
  private final ByteBuf out = Unpooled.buffer(4096);
  private final HeadScanner scanner = new HeadScanner(Heads.LIMITS);
  private final RequestHead requestHead = new RequestHead();
  private final ResponseHead responseHead = new ResponseHead();

  @Test
  void scanningCheckingAndWritingMakeNoObjects() throws Exception {
    ForwardedFields.ForConnection forwarding =
        ForwardedFields.of(new HttpConfig.Forwarded(List.of(), true, false))
            .forConnection(InetAddress.getByName("192.0.2.1"), "192.0.2.1", true, 443);
    rounds(forwarding);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    rounds(forwarding);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated / ROUNDS).as("bytes a round").isZero();
  }

  private void rounds(ForwardedFields.ForConnection forwarding) {
    for (int i = 0; i < ROUNDS; i++) {
      scanner.scanRequest(request.readerIndex(0), requestHead);
      if (!RequestCheck.http1(requestHead).accepted()) {
        throw new AssertionError();
      }
      HopByHop.strip(requestHead);
      forwarding.apply(requestHead);
      HeadWriter.request(out.clear(), requestHead, 4, false);
      scanner.scanResponse(response.readerIndex(0), responseHead);
      if (!ResponseCheck.http1(responseHead, requestHead.method()).accepted()) {
        throw new AssertionError();
      }
      HopByHop.strip(responseHead);
      HeadWriter.response(out.clear(), responseHead, Method.GET, HttpVersion.HTTP_1_1, false, DATE);
      HeadWriter.visitResponse(responseHead, Method.GET, DATE, AllocationTest::ignore);
    }
  }

  private static void ignore(byte[] bytes, int nameStart, int nameEnd, int start, int end) {}
}
