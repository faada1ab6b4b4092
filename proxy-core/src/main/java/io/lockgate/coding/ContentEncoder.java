package io.lockgate.coding;

import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.lockgate.config.model.CompressionConfig.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/**
 * Encodes one response. Everything that it is given comes out at once, so that nobody waits for
 * events that have happened. It holds native memory until {@link #close}. Used by one thread.
 */
public final class ContentEncoder {
  /** Levels at which a mebibyte costs some ten milliseconds; the next ones cost far more. */
  private static final int GZIP_LEVEL = 5;

  private static final int ZSTD_LEVEL = 1;
  private static final int BROTLI_QUALITY = 4;

  /** Of half a mebibyte, which bounds what one response holds. */
  private static final int BROTLI_WINDOW_BITS = 19;

  private static final int BUFFER_BYTES = 16 * 1024;

  private final Sink sink = new Sink();
  private final OutputStream stream;
  private final Runnable whenClosed;
  private boolean closed;

  private ContentEncoder(Encoding encoding, Runnable whenClosed) throws IOException {
    this.stream = stream(encoding, sink);
    this.whenClosed = whenClosed;
  }

  static ContentEncoder of(Encoding encoding, Runnable whenClosed) {
    try {
      return new ContentEncoder(encoding, whenClosed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OutputStream stream(Encoding encoding, OutputStream out) throws IOException {
    return switch (encoding) {
      case GZIP -> new Gzip(out);
      case ZSTD -> new ZstdOutputStreamNoFinalizer(out, ZSTD_LEVEL);
      case BROTLI ->
          new BrotliOutputStream(
              out, Encoder.Parameters.create(BROTLI_QUALITY, BROTLI_WINDOW_BITS), BUFFER_BYTES);
    };
  }

  /** All of {@code data}, which stays the caller's, in a form that can be decoded at once. */
  public ByteBuf encode(ByteBuf data, ByteBufAllocator allocator) {
    if (closed || !data.isReadable()) {
      return Unpooled.EMPTY_BUFFER;
    }
    sink.begin(allocator);
    try {
      data.readBytes(stream, data.readableBytes());
      stream.flush();
      return sink.end();
    } catch (IOException e) {
      sink.end().release();
      throw new UncheckedIOException(e);
    }
  }

  /** What stands at the end; nothing can be encoded after that. */
  public ByteBuf finish(ByteBufAllocator allocator) {
    if (closed) {
      return Unpooled.EMPTY_BUFFER;
    }
    sink.begin(allocator);
    closeStream();
    return sink.end();
  }

  /** Gives the memory back; may be called again. */
  public void close() {
    closeStream();
  }

  private void closeStream() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      whenClosed.run();
    }
  }

  /** Level and flushing as they are wanted here. */
  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out) throws IOException {
      super(out, BUFFER_BYTES, true);
      def.setLevel(GZIP_LEVEL);
    }
  }

  /** Takes to a buffer what encoders write; what one writes when it is made is kept till then. */
  private static final class Sink extends OutputStream {
    private ByteBuf target = Unpooled.buffer(16);

    void begin(ByteBufAllocator allocator) {
      ByteBuf buffer = allocator.buffer(BUFFER_BYTES);
      buffer.writeBytes(target);
      target = buffer;
    }

    /** What has been written since; the caller's from now on. */
    ByteBuf end() {
      ByteBuf written = target;
      target = Unpooled.buffer(16);
      return written;
    }

    @Override
    public void write(int octet) {
      target.writeByte(octet);
    }

    @Override
    public void write(byte[] octets, int from, int length) {
      target.writeBytes(octets, from, length);
    }
  }
}
