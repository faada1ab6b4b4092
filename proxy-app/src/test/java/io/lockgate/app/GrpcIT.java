package io.lockgate.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gRPC client and a gRPC server do not notice that the proxy stands between them. */
class GrpcIT {
  private static final int LARGE = 3_000_000;
  private static final MethodDescriptor<String, String> UNARY = method(MethodType.UNARY, "Unary");
  private static final MethodDescriptor<String, String> COUNT =
      method(MethodType.SERVER_STREAMING, "Count");
  private static final MethodDescriptor<String, String> JOIN =
      method(MethodType.CLIENT_STREAMING, "Join");
  private static final MethodDescriptor<String, String> TALK =
      method(MethodType.BIDI_STREAMING, "Talk");

  /** Conversations that the server saw cancelled. */
  private static final BlockingQueue<String> GIVEN_UP = new LinkedBlockingQueue<>();

  @TempDir static Path directory;
  private static Server server;
  private static LockgateProcess proxy;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(service())
            .build()
            .start();
    Site site = Site.in(directory);
    proxy =
        site.start(
            Site.LISTENERS
                + """
                lockgate {
                  upstreams { grpc { servers = ["127.0.0.1:%d"], protocol = h2 } }
                  hosts { "www.example.com" { routes = [ { path = "/", upstream = grpc } ] } }
                }
                """
                    .formatted(server.getPort()));
    channel =
        NettyChannelBuilder.forAddress(new InetSocketAddress("127.0.0.1", proxy.port("https")))
            .overrideAuthority(Site.WWW)
            .sslContext(GrpcSslContexts.forClient().trustManager(site.root().toFile()).build())
            .build();
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    proxy.close();
    server.shutdownNow();
  }

  private static MethodDescriptor<String, String> method(MethodType type, String name) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName("test.Text/" + name)
        .setRequestMarshaller(new Text())
        .setResponseMarshaller(new Text())
        .build();
  }

  /** Messages are text as it is. */
  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String text) {
      return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("test.Text")
        .addMethod(UNARY, ServerCalls.asyncUnaryCall(GrpcIT::unary))
        .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(GrpcIT::count))
        .addMethod(JOIN, ServerCalls.asyncClientStreamingCall(GrpcIT::join))
        .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(GrpcIT::talk))
        .build();
  }

  private static void unary(String request, StreamObserver<String> out) {
    if (request.startsWith("fail")) {
      Metadata trailers = new Metadata();
      trailers.put(Metadata.Key.of("x-why", Metadata.ASCII_STRING_MARSHALLER), "asked to");
      out.onError(
          Status.FAILED_PRECONDITION
              .withDescription("no: " + request)
              .asRuntimeException(trailers));
    } else {
      out.onNext("got " + request);
      out.onCompleted();
    }
  }

  private static void count(String request, StreamObserver<String> out) {
    for (int i = 0; i < Integer.parseInt(request); i++) {
      out.onNext("n" + i);
    }
    out.onCompleted();
  }

  private static StreamObserver<String> join(StreamObserver<String> out) {
    StringBuilder all = new StringBuilder();
    return new Replies(
        all::append,
        () -> {},
        () -> {
          out.onNext(all.toString());
          out.onCompleted();
        });
  }

  private static StreamObserver<String> talk(StreamObserver<String> out) {
    return new Replies(
        request -> out.onNext("re: " + request), () -> GIVEN_UP.add("talk"), out::onCompleted);
  }

  /** Hears of messages, and of how they ended. */
  private record Replies(Consumer<String> message, Runnable failure, Runnable end)
      implements StreamObserver<String> {
    @Override
    public void onNext(String text) {
      message.accept(text);
    }

    @Override
    public void onError(Throwable cause) {
      failure.run();
    }

    @Override
    public void onCompleted() {
      end.run();
    }
  }

  private static String unary(String request) {
    return ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, request);
  }

  private static String next(BlockingQueue<String> queue) throws InterruptedException {
    return queue.poll(Patience.USUAL.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aCallIsAnswered() {
    assertThat(unary("this")).isEqualTo("got this");
  }

  @Test
  void aLargeMessagePassesBothWays() {
    String large = "x".repeat(LARGE);
    assertThat(unary(large)).isEqualTo("got " + large);
  }

  @Test
  void aFailureKeepsItsStatusAndItsTrailers() {
    assertThatThrownBy(() -> unary("fail"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
              assertThat(e.getStatus().getDescription()).isEqualTo("no: fail");
              assertThat(e.getTrailers())
                  .extracting(
                      t -> t.get(Metadata.Key.of("x-why", Metadata.ASCII_STRING_MARSHALLER)))
                  .isEqualTo("asked to");
            });
  }

  @Test
  void anUnknownMethodIsTheServersToRefuse() {
    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel, method(MethodType.UNARY, "Missing"), CallOptions.DEFAULT, ""))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
  }

  @Test
  void aServerMayStream() {
    Iterator<String> numbers =
        ClientCalls.blockingServerStreamingCall(channel, COUNT, CallOptions.DEFAULT, "1000");
    List<String> all = new ArrayList<>();
    numbers.forEachRemaining(all::add);
    assertThat(all).hasSize(1000).startsWith("n0").endsWith("n999");
  }

  @Test
  void aClientMayStream() throws InterruptedException {
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    StreamObserver<String> out =
        ClientCalls.asyncClientStreamingCall(
            channel.newCall(JOIN, CallOptions.DEFAULT),
            new Replies(answers::add, () -> {}, () -> {}));
    for (int i = 0; i < 100; i++) {
      out.onNext(i + " ");
    }
    out.onCompleted();
    assertThat(next(answers)).startsWith("0 1 2 ").endsWith("98 99 ");
  }

  @Test
  void bothMayTalkInTurns() throws InterruptedException {
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    StreamObserver<String> out =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(TALK, CallOptions.DEFAULT),
            new Replies(answers::add, () -> {}, () -> answers.add("end")));
    for (String word : List.of("one", "two", "three")) {
      out.onNext(word);
      assertThat(next(answers)).as("answered before the next is sent").isEqualTo("re: " + word);
    }
    out.onCompleted();
    assertThat(next(answers)).isEqualTo("end");
  }

  @Test
  void aCallThatIsGivenUpEndsAtTheServer() throws InterruptedException {
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    ClientCall<String, String> call = channel.newCall(TALK, CallOptions.DEFAULT);
    StreamObserver<String> out =
        ClientCalls.asyncBidiStreamingCall(call, new Replies(answers::add, () -> {}, () -> {}));
    out.onNext("one");
    assertThat(next(answers)).isEqualTo("re: one");
    call.cancel("enough", null);
    assertThat(next(GIVEN_UP)).isEqualTo("talk");
  }
}
