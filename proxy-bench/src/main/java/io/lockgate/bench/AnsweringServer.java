package io.lockgate.bench;

import io.lockgate.http.FieldSection;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.HeadScanner.Progress;
import io.lockgate.http.ResponseCheck;
import io.lockgate.http.ResponseHead;
import io.lockgate.loop.Loop;
import io.lockgate.upstream.Attempt;
import io.lockgate.upstream.OutboundRequest;
import io.lockgate.upstream.RequestFacts;
import io.lockgate.upstream.RetryTerms;
import io.lockgate.upstream.Upstream;
import io.lockgate.upstream.UpstreamEvents;
import io.lockgate.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * An upstream without sockets that gives every request the same answer of 1 KiB, in a later turn
 * than that of the request. Both heads are written and read as a connection of HTTP/1.1 does it.
 */
final class AnsweringServer implements Upstream, AutoCloseable {
  static final int CONTENT_BYTES = 1024;

  private final ByteBuf head =
      Heads.octets(Heads.RESPONSE.replaceFirst("\\d{5}", Integer.toString(CONTENT_BYTES)));
  private final ByteBuf content = Unpooled.directBuffer().writeZero(CONTENT_BYTES);
  private final ByteBuf out = Unpooled.directBuffer(4096);
  private final HeadScanner scanner = new HeadScanner(Heads.LIMITS);
  private final ResponseHead response = new ResponseHead();
  private final FieldSection noTrailers = new FieldSection();
  private UpstreamEvents waiting;
  private OutboundRequest request;

  /** Answers the request that came last; false if there is none. */
  boolean answer() {
    if (request == null) {
      return false;
    }
    if (scanner.scanResponse(head.readerIndex(0), response) != Progress.COMPLETE
        || !ResponseCheck.http1(response, request.method()).accepted()) {
      throw new IllegalStateException("refused");
    }
    UpstreamEvents events = waiting;
    request = null;
    waiting = null;
    events.head(response);
    events.data(content.retainedDuplicate());
    events.ended(noTrailers);
    return true;
  }

  @Override
  public String name() {
    return "app";
  }

  @Override
  public void open(Loop loop, UpstreamEvents events, RequestFacts facts, Attempt attempt) {
    waiting = events;
    events.opened(new Stream());
  }

  @Override
  public RetryTerms retryTerms() {
    return RetryTerms.NEVER;
  }

  @Override
  public boolean takeRetry(Loop loop) {
    return false;
  }

  @Override
  public void close() {
    head.release();
    content.release();
    out.release();
  }

  private final class Stream implements UpstreamStream {
    @Override
    public String server() {
      return "127.0.0.1:9001";
    }

    @Override
    public boolean reused() {
      return true;
    }

    @Override
    public void sendHead(OutboundRequest outbound, boolean end) {
      outbound.writeHttp1Head(out.clear());
      request = outbound;
    }

    @Override
    public void sendData(ByteBuf data) {
      data.release();
    }

    @Override
    public void sendEnd(FieldSection trailers) {}

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void wantData(boolean wanted) {}

    @Override
    public void cancel() {}
  }
}
