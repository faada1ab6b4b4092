package io.lockgate.accesslog;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Standard output: belongs to the process, so it is neither reopened nor closed. */
final class LogStream implements LogTarget {
  private static final int MOST_AT_ONCE = 64 * 1024;

  private final OutputStream stream;
  private final byte[] bytes = new byte[MOST_AT_ONCE];

  LogStream(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public void write(ByteBuffer lines) throws IOException {
    while (lines.hasRemaining()) {
      int length = Math.min(lines.remaining(), bytes.length);
      lines.get(bytes, 0, length);
      stream.write(bytes, 0, length);
    }
    stream.flush();
  }

  @Override
  public void reopen() {}

  @Override
  public void close() throws IOException {
    stream.flush();
  }
}
