package io.lockgate.http;

import io.netty.buffer.ByteBuf;

/**
 * Takes the chunked transfer coding (RFC 9112 section 7.1) apart without copying data. As strict as
 * {@link HeadScanner}: sizes of 1 to 16 hex digits, extensions by the grammar and within a bound,
 * CRLF wherever the grammar says so. One per direction of a connection, on its event loop.
 */
public final class ChunkedScanner {
  /** What a call found. */
  public enum Step {
    /** Octets not read must be presented again, with more behind them. */
    NEED_MORE,
    /**
     * The caller takes exactly {@link #available()} octets at the reader index before it calls
     * again.
     */
    DATA,
    /** The content has ended; {@link #trailers()} holds the trailer fields that may be used. */
    COMPLETE,
    /** {@link #rule()} says why; so will every call until {@link #reset}. */
    REFUSED
  }

  private enum Awaited {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    LAST_LINE,
    LAST_LF,
    TRAILERS,
    NOTHING,
    REFUSED
  }

  private static final int MAX_DIGITS = 16;

  /** Extensions may take this, and an eighth of the data: they mean nothing to anybody we know. */
  private static final int EXTENSION_ALLOWANCE = 4096;

  private final HeadScanner trailerScanner;
  private final FieldSection trailers = new FieldSection();
  private final ChunkExtension extension = new ChunkExtension();
  private Awaited awaited = Awaited.SIZE;
  private int digits;
  private long remaining;
  private long received;
  private long extensionOctets;
  private int available;
  private FramingRule rule = FramingRule.BAD_CHUNK_SIZE;

  /**
   * @param limits those of heads; the trailer section is held to them too
   */
  public ChunkedScanner(HeadLimits limits) {
    this.trailerScanner = new HeadScanner(limits);
  }

  /** Reads on to the next thing the caller must know. */
  public Step next(ByteBuf in) {
    while (true) {
      switch (awaited) {
        case DATA -> {
          return data(in);
        }
        case TRAILERS -> {
          return trailers(in);
        }
        case NOTHING -> {
          return Step.COMPLETE;
        }
        case REFUSED -> {
          return Step.REFUSED;
        }
        default -> {
          if (!in.isReadable()) {
            return Step.NEED_MORE;
          }
          framing(in);
        }
      }
    }
  }

  /** Number of data octets at the reader index, after {@link Step#DATA}. */
  public int available() {
    return available;
  }

  /** Data octets told of so far. */
  public long received() {
    return received;
  }

  public FieldSection trailers() {
    return trailers;
  }

  /** Why the content was refused. */
  public FramingRule rule() {
    return rule;
  }

  /** Makes the scanner ready for another message. */
  public void reset() {
    awaited = Awaited.SIZE;
    digits = 0;
    remaining = 0;
    received = 0;
    extensionOctets = 0;
    available = 0;
    trailers.clear();
    trailerScanner.reset();
  }

  private Step data(ByteBuf in) {
    if (!in.isReadable()) {
      return Step.NEED_MORE;
    }
    available = (int) Math.min(remaining, in.readableBytes());
    remaining -= available;
    received += available;
    if (remaining == 0) {
      awaited = Awaited.DATA_CR;
    }
    return Step.DATA;
  }

  private Step trailers(ByteBuf in) {
    return switch (trailerScanner.scanTrailers(in, trailers)) {
      case INCOMPLETE -> Step.NEED_MORE;
      case REFUSED -> {
        boolean large = trailerScanner.rule() == FramingRule.HEAD_TOO_LARGE;
        refuse(large ? FramingRule.TRAILERS_TOO_LARGE : trailerScanner.rule());
        yield Step.REFUSED;
      }
      case COMPLETE -> {
        if (!TrailerRules.keepHarmless(trailers)) {
          refuse(FramingRule.BAD_TRAILER);
          yield Step.REFUSED;
        }
        awaited = Awaited.NOTHING;
        yield Step.COMPLETE;
      }
    };
  }

  private void framing(ByteBuf in) {
    switch (awaited) {
      case SIZE -> size(in);
      case EXTENSION -> extension(in);
      case SIZE_LF -> sizeEnd(in.readByte());
      case DATA_CR -> expect(in, '\r', Awaited.DATA_LF);
      case DATA_LF -> {
        digits = 0;
        expect(in, '\n', Awaited.SIZE);
      }
      case LAST_LINE -> {
        boolean none = in.getByte(in.readerIndex()) == '\r';
        in.skipBytes(none ? 1 : 0);
        awaited = none ? Awaited.LAST_LF : Awaited.TRAILERS;
      }
      case LAST_LF -> expect(in, '\n', Awaited.NOTHING);
      default -> throw new AssertionError(awaited);
    }
  }

  private void size(ByteBuf in) {
    while (in.isReadable()) {
      byte octet = in.readByte();
      int digit = Octets.hex(octet);
      if (digit >= 0) {
        if (digits == MAX_DIGITS || remaining >>> 59 != 0) {
          refuse(FramingRule.BAD_CHUNK_SIZE);
          return;
        }
        remaining = remaining << 4 | digit;
        digits++;
      } else if (digits == 0) {
        refuse(FramingRule.BAD_CHUNK_SIZE);
        return;
      } else if (octet == '\r') {
        awaited = Awaited.SIZE_LF;
        return;
      } else {
        beginExtension(octet);
        return;
      }
    }
  }

  private void beginExtension(byte octet) {
    extension.begin();
    awaited = Awaited.EXTENSION;
    if (!extension.accept(octet)) {
      boolean meant = octet == ';' || Octets.isSpace(octet);
      refuse(meant ? FramingRule.BAD_CHUNK_EXTENSION : FramingRule.BAD_CHUNK_SIZE);
    }
  }

  private void extension(ByteBuf in) {
    while (in.isReadable()) {
      byte octet = in.readByte();
      if (octet == '\r' && extension.complete()) {
        awaited = Awaited.SIZE_LF;
        return;
      }
      if (!extension.accept(octet)) {
        refuse(FramingRule.BAD_CHUNK_EXTENSION);
        return;
      }
      if (++extensionOctets > EXTENSION_ALLOWANCE + received / 8) {
        refuse(FramingRule.CHUNK_EXTENSIONS_TOO_LARGE);
        return;
      }
    }
  }

  private void sizeEnd(byte octet) {
    if (octet != '\n') {
      refuse(FramingRule.BAD_CHUNK_SIZE);
    } else {
      awaited = remaining == 0 ? Awaited.LAST_LINE : Awaited.DATA;
    }
  }

  private void expect(ByteBuf in, char octet, Awaited next) {
    if (in.readByte() == octet) {
      awaited = next;
    } else {
      refuse(FramingRule.BAD_CHUNK_END);
    }
  }

  private void refuse(FramingRule broken) {
    rule = broken;
    awaited = Awaited.REFUSED;
  }
}
