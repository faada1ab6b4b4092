package io.lockgate.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A call of {@code grpc.health.v1.Health/Check}: a message of one field that names the service, and
 * one that says whether it serves. So little of Protocol Buffers is read and written here by hand.
 * Good is only a call that succeeds and says SERVING. On one loop.
 */
final class GrpcHealthCall implements Http2Question.Asked {
  private static final int PREFIX = 5;
  private static final int MOST_OCTETS = 1024;

  /** Field 1 of both messages: a string there, an enumeration here. */
  private static final int SERVICE = (1 << 3) | 2;

  private static final int STATUS = 1 << 3;

  private static final int SERVING = 1;
  private static final int NOT_FOUND = 5;
  private static final int UNIMPLEMENTED = 12;

  private final String service;
  private final Http2Headers head;
  private final Consumer<String> then;
  private final ByteBuf message = Unpooled.buffer(64, MOST_OCTETS);
  private boolean over;

  /**
   * @param service by its full name; the server as a whole where empty
   * @param then told what is wrong; empty where nothing is
   */
  GrpcHealthCall(
      String service, String host, boolean https, Duration timeout, Consumer<String> then) {
    this.service = service;
    this.then = then;
    this.head =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme(https ? "https" : "http")
            .authority(host)
            .path("/grpc.health.v1.Health/Check")
            .add("content-type", "application/grpc")
            .add("te", "trailers")
            .add("user-agent", "lockgate-health")
            .add("grpc-timeout", Math.min(timeout.toMillis(), 99_999_999) + "m");
  }

  @Override
  public Http2Headers head() {
    return head;
  }

  @Override
  public ByteBuf content(ChannelHandlerContext ctx) {
    byte[] name = service.getBytes(UTF_8);
    ByteBuf field = ctx.alloc().buffer();
    if (name.length > 0) {
      field.writeByte(SERVICE);
      writeNumber(field, name.length);
      field.writeBytes(name);
    }
    ByteBuf all = ctx.alloc().buffer(PREFIX + field.readableBytes());
    all.writeByte(0).writeInt(field.readableBytes()).writeBytes(field);
    field.release();
    return all;
  }

  private static void writeNumber(ByteBuf out, int number) {
    int rest = number;
    while (rest > 0x7F) {
      out.writeByte((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  @Override
  public void heard(Http2Headers headers, boolean end) {
    CharSequence status = headers.status();
    if (status != null && !status.toString().equals("200")) {
      tell("status " + status);
    } else if (end) {
      CharSequence code = headers.get("grpc-status");
      tell(code == null ? "the answer is not gRPC" : judge(code.toString()));
    }
  }

  @Override
  public void heard(ByteBuf content, boolean end) {
    message.writeBytes(content, Math.min(content.readableBytes(), message.maxWritableBytes()));
    if (end) {
      tell("the answer ends without a gRPC status");
    }
  }

  @Override
  public void reset(long errorCode) {
    tell("the stream was reset with error " + errorCode);
  }

  private String judge(String code) {
    if (code.equals("0")) {
      int said = servingStatus();
      return said == SERVING ? "" : "gRPC health says " + nameOf(said);
    }
    if (code.equals(String.valueOf(NOT_FOUND))) {
      return "gRPC status 5: the server does not know the service \"" + service + "\"";
    }
    return code.equals(String.valueOf(UNIMPLEMENTED))
        ? "gRPC status 12: the server has no health service"
        : "gRPC status " + (code.length() > 2 ? "unknown" : code);
  }

  /** The only field; negative where the message is none of ours. */
  private int servingStatus() {
    if (message.readableBytes() < PREFIX
        || message.readByte() != 0
        || message.readInt() != message.readableBytes()) {
      return -1;
    }
    if (!message.isReadable()) {
      return 0; // a field with its default value is left out
    }
    boolean short1 = message.readableBytes() == 2 && message.readByte() == STATUS;
    return short1 ? message.readByte() : -1;
  }

  private static String nameOf(int status) {
    return switch (status) {
      case 0 -> "UNKNOWN";
      case 2 -> "NOT_SERVING";
      case 3 -> "SERVICE_UNKNOWN";
      default -> "something else";
    };
  }

  private void tell(String wrong) {
    if (!over) {
      over = true;
      then.accept(wrong);
    }
  }
}
