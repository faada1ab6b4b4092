package io.lockgate.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.http.FieldSection;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseHead;
import io.lockgate.loop.Loop;
import io.lockgate.testkit.Patience;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A request as the pool sees it, which writes down what becomes of it. */
final @SuppressWarnings({
  "NonAtomicVolatileUpdate",
  "JdkObsolete"
}) // one loop writes, the test reads
class TestRequest implements UpstreamEvents, OutboundRequest, RequestFacts {
  private final Loop loop;
  private final String method;
  private final boolean content;
  private final FieldSection fields = new FieldSection();
  private final CompletableFuture<UpstreamStream> stream = new CompletableFuture<>();
  private final CompletableFuture<String> outcome = new CompletableFuture<>();
  private final CompletableFuture<Void> begun = new CompletableFuture<>();
  private final AtomicInteger interim = new AtomicInteger();
  private final AtomicReference<String> body = new AtomicReference<>("");
  private volatile boolean wanted = true;
  private volatile int status;
  private volatile String trailer = "";
  private volatile String server = "";
  private volatile String offence = "";
  private volatile boolean late;

  private TestRequest(Loop loop, String method) {
    this.loop = loop;
    this.method = method;
    this.content = method.equals("PUT");
  }

  /** PUT sends no content by itself; other methods have none. */
  static TestRequest send(UpstreamPool pool, Loop loop, FieldSection fields) {
    TestRequest request = new TestRequest(loop, "GET");
    request.fields.copyFrom(fields);
    loop.executor().execute(() -> pool.open(loop, request, request, Attempt.FIRST));
    return request;
  }

  static TestRequest send(UpstreamPool pool, Loop loop, String method) {
    TestRequest request = new TestRequest(loop, method);
    loop.executor().execute(() -> pool.open(loop, request, request, Attempt.FIRST));
    return request;
  }

  // ---- what tests ask

  /** {@code 200 body}, or the name of the failure. */
  String outcome() {
    return get(outcome);
  }

  boolean over() {
    return outcome.isDone();
  }

  TestRequest awaitEnd() {
    get(outcome);
    return this;
  }

  TestRequest awaitOpened() {
    get(stream);
    return this;
  }

  TestRequest awaitHead() {
    get(begun);
    return this;
  }

  String server() {
    return server;
  }

  /** The rule that the response broke. */
  String offence() {
    return offence;
  }

  int interim() {
    return interim.get();
  }

  String trailer() {
    return trailer;
  }

  /** What has arrived so far. */
  String received() {
    return body.get();
  }

  /** Whether anything was told after the end. */
  boolean toldAfterTheEnd() {
    return late;
  }

  TestRequest onLoop(java.util.function.Consumer<UpstreamStream> action) {
    UpstreamStream opened = get(stream);
    CompletableFuture.runAsync(() -> action.accept(opened), loop.executor()).join();
    return this;
  }

  void giveUp() {
    wanted = false;
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(Patience.USUAL.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("nothing came of the request", e);
    }
  }

  // ---- the request

  @Override
  public Method method() {
    byte[] text = method.getBytes(ISO_8859_1);
    return Method.of(text, 0, text.length);
  }

  @Override
  public boolean chunked() {
    return content;
  }

  @Override
  public void writeHttp1Head(ByteBuf out) {
    String framing = content ? "Transfer-Encoding: chunked\r\n" : "";
    out.writeBytes((method + " / HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n").getBytes(ISO_8859_1));
  }

  @Override
  public String clientAddress() {
    return "192.0.2.1";
  }

  @Override
  public FieldSection fields() {
    return fields;
  }

  @Override
  public void visitHttp2Head(boolean https, HeadWriter.FieldVisitor visitor) {
    tell(visitor, ":method", method);
    tell(visitor, ":scheme", https ? "https" : "http");
    tell(visitor, ":authority", "a");
    tell(visitor, ":path", "/");
  }

  private static void tell(HeadWriter.FieldVisitor visitor, String name, String value) {
    byte[] bytes = (name + value).getBytes(ISO_8859_1);
    visitor.field(bytes, 0, name.length(), name.length(), bytes.length);
  }

  // ---- what becomes of it

  @Override
  public boolean wanted() {
    return wanted;
  }

  @Override
  public void opened(UpstreamStream opened) {
    server = opened.server();
    opened.sendHead(this, !content);
    stream.complete(opened);
  }

  @Override
  public void notOpened(UpstreamFailure failure, String at) {
    end(failure.name());
  }

  @Override
  public void informational(ResponseHead head) {
    interim.incrementAndGet();
  }

  @Override
  public void head(ResponseHead head) {
    status = head.status();
    begun.complete(null);
  }

  @Override
  public void switched(ResponseHead head) {
    throw new AssertionError("nobody asked for it");
  }

  @Override
  public void data(ByteBuf data) {
    late |= outcome.isDone();
    body.set(body.get() + data.toString(ISO_8859_1));
    data.release();
  }

  @Override
  public void ended(FieldSection trailers) {
    if (trailers.count() > 0) {
      trailer = trailers.name(0) + "=" + trailers.value(0);
    }
    end(status + " " + body.get());
  }

  @Override
  public void malformed(String reason) {
    offence = reason;
  }

  @Override
  public void failed(UpstreamFailure failure) {
    end(failure.name());
  }

  @Override
  public void writabilityChanged(boolean writable) {}

  private void end(String what) {
    late |= !outcome.complete(what);
    begun.complete(null);
  }

  static ByteBuf buffer(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }
}
