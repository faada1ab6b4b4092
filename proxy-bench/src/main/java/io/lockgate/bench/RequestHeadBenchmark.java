package io.lockgate.bench;

import io.lockgate.config.model.HttpConfig;
import io.lockgate.http.ForwardedFields;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.HeadScanner.Progress;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.HopByHop;
import io.lockgate.http.RequestCheck;
import io.lockgate.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A browser's HTTP/1 request head, from the octets received to the octets for the upstream. */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class RequestHeadBenchmark {
  private static final String CLIENT = "192.0.2.1";

  private final ByteBuf request = Heads.octets(Heads.REQUEST);
  private final ByteBuf out = Unpooled.directBuffer(4096);
  private final HeadScanner scanner = new HeadScanner(Heads.LIMITS);
  private final RequestHead head = new RequestHead();
  private ForwardedFields.ForConnection forwarding;
  private EmbeddedChannel decoder;
  private EmbeddedChannel encoder;

  @Setup
  public void prepare() throws UnknownHostException {
    forwarding =
        ForwardedFields.of(new HttpConfig.Forwarded(List.of(), true, false))
            .forConnection(InetAddress.getByName(CLIENT), CLIENT, true, 443);
    decoder = new EmbeddedChannel(new HttpRequestDecoder());
    encoder = new EmbeddedChannel(new HttpRequestEncoder());
  }

  @TearDown
  public void release() {
    decoder.finishAndReleaseAll();
    encoder.finishAndReleaseAll();
    request.release();
    out.release();
  }

  /** Finding the head's parts and the rules of its grammar. */
  @Benchmark
  public RequestHead scan() {
    if (scanner.scanRequest(request.readerIndex(0), head) != Progress.COMPLETE) {
      throw new IllegalStateException(scanner.rule().name());
    }
    return head;
  }

  /** The whole way: scan, check, hop-by-hop fields, X-Forwarded-*, write. */
  @Benchmark
  public ByteBuf scanCheckAndRewrite() {
    scan();
    if (!RequestCheck.http1(head).accepted()) {
      throw new IllegalStateException("refused");
    }
    HopByHop.strip(head);
    forwarding.apply(head);
    HeadWriter.request(out.clear(), head, 0, false);
    return out;
  }

  /**
   * Much the same with Netty's codec, which checks less. Includes what its pipeline costs; reading
   * and writing go through one each.
   */
  @Benchmark
  public int rewriteWithNettyCodec() {
    decoder.writeInbound(request.readerIndex(0).retainedDuplicate());
    HttpRequest message = decoder.readInbound();
    LastHttpContent end = decoder.readInbound();
    message
        .headers()
        .remove(HttpHeaderNames.CONNECTION)
        .set("X-Forwarded-For", CLIENT)
        .set("X-Forwarded-Proto", "https")
        .set("X-Forwarded-Host", message.headers().get(HttpHeaderNames.HOST))
        .set("X-Forwarded-Port", "443")
        .set(HttpHeaderNames.VIA, "1.1 lockgate");
    encoder.writeOutbound(message, end);
    int length = 0;
    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
      length += part.readableBytes();
      part.release();
    }
    return length;
  }
}
