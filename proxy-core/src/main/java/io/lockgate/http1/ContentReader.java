package io.lockgate.http1;

import io.lockgate.http.ChunkedScanner;
import io.lockgate.http.ChunkedScanner.Step;
import io.lockgate.http.FieldSection;
import io.lockgate.http.Framing;
import io.lockgate.http.FramingRule;
import io.lockgate.http.HeadLimits;
import io.netty.buffer.ByteBuf;

/**
 * Finds where the content of an HTTP/1 message ends (RFC 9112 section 6.3), without copying it. One
 * per direction of a connection, on its event loop only.
 */
public final class ContentReader {
  private static final FieldSection NO_TRAILERS = new FieldSection();

  private final HeadLimits limits;
  private Framing framing = Framing.NONE;
  private ChunkedScanner chunks;
  private long remaining;
  private int available;

  /**
   * @param limits those of heads; a trailer section is held to them too
   */
  public ContentReader(HeadLimits limits) {
    this.limits = limits;
  }

  /**
   * Makes ready for the content of another message.
   *
   * @param length in octets, where it is framed by length
   */
  public void begin(Framing by, long length) {
    framing = by;
    remaining = by == Framing.LENGTH ? length : 0;
    if (by == Framing.CHUNKED) {
      chunks = new ChunkedScanner(limits);
    }
  }

  /** Octets that are yet to come, where that is known; negative where it is not. */
  public long remaining() {
    return framing == Framing.LENGTH || framing == Framing.NONE ? remaining : -1;
  }

  /**
   * What comes next in {@code in}. The last {@link Step#DATA} of content with a length is its end
   * too: nothing {@link #remaining}.
   */
  public Step next(ByteBuf in) {
    return switch (framing) {
      case NONE -> Step.COMPLETE;
      case LENGTH -> {
        available = (int) Math.min(remaining, in.readableBytes());
        remaining -= available;
        yield Step.DATA;
      }
      case CHUNKED -> {
        Step step = chunks.next(in);
        available = step == Step.DATA ? chunks.available() : 0;
        yield step;
      }
      case UNTIL_END, UNTIL_CLOSE -> {
        available = in.readableBytes();
        yield Step.DATA;
      }
    };
  }

  /** Octets of content at the reader index, after {@link Step#DATA}; to be taken by the caller. */
  public int available() {
    return available;
  }

  /** Valid until the next message. */
  public FieldSection trailers() {
    return framing == Framing.CHUNKED ? chunks.trailers() : NO_TRAILERS;
  }

  /** Why content was refused. */
  public FramingRule rule() {
    return chunks.rule();
  }
}
