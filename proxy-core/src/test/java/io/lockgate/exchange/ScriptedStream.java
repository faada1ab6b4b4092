package io.lockgate.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.http.FieldSection;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseHead;
import io.lockgate.route.TestHeads;
import io.lockgate.upstream.OutboundRequest;
import io.lockgate.upstream.UpstreamEvents;
import io.lockgate.upstream.UpstreamFailure;
import io.lockgate.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** A server's side of one attempt: records the request, and answers as the test says. */
final class ScriptedStream implements UpstreamStream {
  final List<String> trailers = new ArrayList<>();
  final List<String> breaches = new ArrayList<>();
  final StringBuilder content = new StringBuilder();
  String head = "";
  boolean headEndsRequest;
  boolean requestEnded;
  boolean cancelled;
  boolean writable = true;
  boolean dataWanted = true;
  private final UpstreamEvents events;
  private final String server;
  private final boolean reused;
  private Method method = Method.GET;
  private boolean over;

  ScriptedStream(UpstreamEvents events, String server, boolean reused) {
    this.events = events;
    this.server = server;
    this.reused = reused;
  }

  // ---- what the server does

  ScriptedStream interim(int status) {
    events.informational(TestHeads.response("HTTP/1.1 " + status + " x||", method));
    return this;
  }

  ScriptedStream respond(String text) {
    events.head(TestHeads.response(text, method));
    return this;
  }

  /** Agrees to WebSocket. */
  ScriptedStream agree() {
    requestEnded = false; // What the client says from now on belongs to no request.
    events.switched(new ResponseHead().compose(101, 0));
    return this;
  }

  ScriptedStream send(ByteBuf data) {
    events.data(data);
    return this;
  }

  void end(String... trailerFields) {
    over = true;
    events.ended(TestHeads.fields(trailerFields));
  }

  void fail(UpstreamFailure why) {
    over = true;
    events.failed(why);
  }

  void room(boolean free) {
    writable = free;
    events.writabilityChanged(free);
  }

  /** Whether the exchange may still be told something. */
  boolean live() {
    return !over && !cancelled;
  }

  // ---- what it is told

  @Override
  public String server() {
    return server;
  }

  @Override
  public boolean reused() {
    return reused;
  }

  @Override
  public void sendHead(OutboundRequest request, boolean end) {
    expect(live() && head.isEmpty(), "head out of order");
    ByteBuf out = Unpooled.buffer();
    request.writeHttp1Head(out);
    head = out.toString(ISO_8859_1).replace("\r\n", "|");
    method = request.method();
    headEndsRequest = end;
    requestEnded = end;
  }

  @Override
  public void sendData(ByteBuf data) {
    expect(live() && !head.isEmpty() && !requestEnded, "content out of order");
    content.append(data.toString(ISO_8859_1));
    data.release();
  }

  @Override
  public void sendEnd(FieldSection section) {
    expect(live() && !head.isEmpty() && !requestEnded, "end out of order");
    requestEnded = true;
    trailers.addAll(TestHeads.lines(section));
  }

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public void wantData(boolean wanted) {
    expect(live(), "content asked for after the end");
    dataWanted = wanted;
  }

  @Override
  public void cancel() {
    expect(live(), "cancelled after the end");
    cancelled = true;
  }

  private void expect(boolean order, String breach) {
    if (!order) {
      breaches.add(breach);
    }
  }
}
