package io.lockgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is made of a gRPC server's word on its health; real servers speak in an integration test.
 */
class GrpcHealthCallTest {
  private static final String SERVING = "0000000002" + "0801";

  private final List<String> told = new ArrayList<>();

  private GrpcHealthCall call(String service) {
    return new GrpcHealthCall(service, "app:1", false, Duration.ofSeconds(2), told::add);
  }

  private static Http2Headers head() {
    return new DefaultHttp2Headers().status("200").add("content-type", "application/grpc");
  }

  private static Http2Headers trailers(String code) {
    return new DefaultHttp2Headers().add("grpc-status", code);
  }

  private static void say(GrpcHealthCall call, String hex) {
    ByteBuf content = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    call.heard(content, false);
    content.release();
  }

  private static String asked(GrpcHealthCall call) {
    EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    ChannelHandlerContext ctx = channel.pipeline().firstContext();
    ByteBuf content = call.content(ctx);
    try {
      return ByteBufUtil.hexDump(content);
    } finally {
      content.release();
      channel.close();
    }
  }

  @Test
  void theQuestionNamesTheService() {
    assertThat(asked(call(""))).isEqualTo("0000000000");
    assertThat(asked(call("ab"))).isEqualTo("0000000004" + "0a026162");
    assertThat(asked(call("x".repeat(200)))).startsWith("00000000cb" + "0ac80178");
  }

  @Test
  void onlyAServerThatSaysItServesIsWell() {
    GrpcHealthCall call = call("");
    call.heard(head(), false);
    say(call, SERVING);
    assertThat(told).as("nothing is settled before the end").isEmpty();
    call.heard(trailers("0"), true);
    assertThat(told).containsExactly("");
  }

  @Test
  void aMessageMayComeInPieces() {
    GrpcHealthCall call = call("");
    call.heard(head(), false);
    for (int i = 0; i < SERVING.length(); i += 2) {
      say(call, SERVING.substring(i, i + 2));
    }
    call.heard(trailers("0"), true);
    assertThat(told).containsExactly("");
  }

  @ParameterizedTest
  @CsvSource({
    "00000000020802, 0, gRPC health says NOT_SERVING",
    "00000000020803, 0, gRPC health says SERVICE_UNKNOWN",
    "0000000000, 0, gRPC health says UNKNOWN",
    "00000000020809, 0, gRPC health says something else",
    "01000000020801, 0, gRPC health says something else", // compressed, which nobody offered
    "00000000030801, 0, gRPC health says something else", // cut short
    "0000000002080100, 0, gRPC health says something else", // more than one message
    "00000000021001, 0, gRPC health says something else", // another field
    "'', 0, gRPC health says something else",
    "00000000020801, 13, gRPC status 13",
    "00000000020801, nonsense, gRPC status unknown",
  })
  void everythingElseSaysThatItIsNot(String message, String code, String wrong) {
    GrpcHealthCall call = call("");
    call.heard(head(), false);
    say(call, message);
    call.heard(trailers(code), true);
    assertThat(told).containsExactly(wrong);
  }

  @Test
  void aFailureMayComeWithoutAMessage() {
    call("cart").heard(head().add("grpc-status", "5"), true);
    call("").heard(head().add("grpc-status", "12"), true);
    call("").heard(new DefaultHttp2Headers().status("503"), true);
    call("").heard(head(), true);
    call("").reset(8);
    assertThat(told)
        .containsExactly(
            "gRPC status 5: the server does not know the service \"cart\"",
            "gRPC status 12: the server has no health service",
            "status 503",
            "the answer is not gRPC",
            "the stream was reset with error 8");
  }

  @Test
  void anEndlessAnswerIsNotKept() {
    GrpcHealthCall call = call("");
    call.heard(head(), false);
    for (int i = 0; i < 100; i++) {
      say(call, "00".repeat(1000));
    }
    call.heard(trailers("0"), true);
    assertThat(told).containsExactly("gRPC health says something else");
  }
}
