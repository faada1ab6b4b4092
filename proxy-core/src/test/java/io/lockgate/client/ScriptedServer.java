package io.lockgate.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.http.FieldSection;
import io.lockgate.http.HeadLimits;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.HeadVerdict;
import io.lockgate.http.ResponseCheck;
import io.lockgate.http.ResponseHead;
import io.lockgate.loop.Loop;
import io.lockgate.upstream.Attempt;
import io.lockgate.upstream.OutboundRequest;
import io.lockgate.upstream.RequestFacts;
import io.lockgate.upstream.RetryTerms;
import io.lockgate.upstream.Upstream;
import io.lockgate.upstream.UpstreamEvents;
import io.lockgate.upstream.UpstreamFailure;
import io.lockgate.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** An upstream with one server that takes every request at once and answers as the test says. */
final class ScriptedServer implements Upstream {
  final List<Stream> streams = new ArrayList<>();

  @Override
  public String name() {
    return "app";
  }

  @Override
  public void open(Loop loop, UpstreamEvents events, RequestFacts facts, Attempt attempt) {
    Stream stream = new Stream(events);
    streams.add(stream);
    events.opened(stream);
  }

  @Override
  public RetryTerms retryTerms() {
    return RetryTerms.NEVER;
  }

  @Override
  public boolean takeRetry(Loop loop) {
    return false;
  }

  /** The server breaks off in the middle of its answer. */
  void fail() {
    last().events.failed(UpstreamFailure.CLOSED_IN_RESPONSE);
  }

  Stream last() {
    return streams.get(streams.size() - 1);
  }

  /** One request, and the answer to it. */
  static final class Stream implements UpstreamStream {
    private final UpstreamEvents events;
    private OutboundRequest request;
    final StringBuilder content = new StringBuilder();
    String head = "";
    String trailers = "";
    boolean ended;
    boolean cancelled;
    boolean dataWanted = true;

    Stream(UpstreamEvents events) {
      this.events = events;
    }

    void interim(int status) {
      events.informational(response("HTTP/1.1 " + status + " x||"));
    }

    /** A head as tests write it: a bar is a line end. */
    void head(String text) {
      events.head(response(text));
    }

    void data(int octets) {
      events.data(Unpooled.wrappedBuffer(new byte[octets]));
    }

    void data(String text) {
      events.data(Unpooled.copiedBuffer(text, ISO_8859_1));
    }

    void end() {
      events.ended(new FieldSection());
    }

    void answer(String body) {
      head("HTTP/1.1 200 OK|Content-Length: " + body.length() + "||");
      if (!body.isEmpty()) {
        data(body);
      }
      end();
    }

    private ResponseHead response(String text) {
      ResponseHead response = new ResponseHead();
      ByteBuf octets = Unpooled.copiedBuffer(text.replace("|", "\r\n"), ISO_8859_1);
      new HeadScanner(new HeadLimits(32 * 1024, 128, 8 * 1024)).scanResponse(octets, response);
      if (!(ResponseCheck.http1(response, request.method()) instanceof HeadVerdict.Accepted)) {
        throw new AssertionError(text);
      }
      return response;
    }

    @Override
    public String server() {
      return "10.0.0.1:80";
    }

    @Override
    public boolean reused() {
      return false;
    }

    @Override
    public void sendHead(OutboundRequest outbound, boolean end) {
      request = outbound;
      ByteBuf out = Unpooled.buffer();
      outbound.writeHttp1Head(out);
      head = out.toString(ISO_8859_1).replace("\r\n", "|");
      ended = end;
    }

    @Override
    public void sendData(ByteBuf data) {
      content.append(data.toString(ISO_8859_1));
      data.release();
    }

    @Override
    public void sendEnd(FieldSection section) {
      for (int i = 0; i < section.count(); i++) {
        if (!section.isRemoved(i)) {
          trailers += section.name(i) + ": " + section.value(i) + "|";
        }
      }
      ended = true;
    }

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void wantData(boolean wanted) {
      dataWanted = wanted;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
