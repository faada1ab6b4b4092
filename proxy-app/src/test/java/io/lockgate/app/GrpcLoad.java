package io.lockgate.app;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls one after the other, several at a time over one HTTP/2 connection, to {@code
 * api.example.com}. What the connection's GOAWAY names as not looked at is sent again over the
 * next, as every gRPC client does by itself.
 */
final class GrpcLoad implements AutoCloseable {
  private static final int CALLERS = 2;

  private final ManagedChannel channel;
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
  private final AtomicBoolean enough = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();
  private final List<CompletableFuture<List<String>>> callers = new ArrayList<>();

  /** Answers calls in clear; the health service stands in for any other. */
  record Origin(Server server) implements AutoCloseable {
    static Origin start() throws IOException {
      return new Origin(
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(new HealthStatusManager().getHealthService())
              .build()
              .start());
    }

    int port() {
      return server.getPort();
    }

    @Override
    public void close() {
      server.shutdownNow();
    }
  }

  private GrpcLoad(ManagedChannel channel) {
    this.channel = channel;
  }

  static GrpcLoad start(int port, Path root) throws IOException {
    GrpcLoad load =
        new GrpcLoad(
            NettyChannelBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .overrideAuthority(Site.API)
                .sslContext(GrpcSslContexts.forClient().trustManager(root.toFile()).build())
                .build());
    for (int i = 0; i < CALLERS; i++) {
      load.callers.add(CompletableFuture.supplyAsync(load::call, load.threads));
    }
    return load;
  }

  /** Calls until it is enough; what failed. */
  private List<String> call() {
    List<String> failed = new ArrayList<>();
    while (!enough.get()) {
      try {
        HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .check(HealthCheckRequest.getDefaultInstance());
        answered.incrementAndGet();
      } catch (StatusRuntimeException e) {
        failed.add(e.toString());
      }
    }
    return failed;
  }

  int answered() {
    return answered.get();
  }

  /** Makes no more calls; every one that failed. */
  List<String> stop() {
    enough.set(true);
    return callers.stream().flatMap(caller -> caller.join().stream()).toList();
  }

  @Override
  public void close() {
    enough.set(true);
    threads.shutdown();
    channel.shutdownNow();
  }
}
