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
      int length = wholeLines(lines);
      lines.get(bytes, 0, length);
      stream.write(bytes, 0, length);
    }
    stream.flush();
  }

  /**
   * How much of the lines is written next: whole ones, as others may write to the same stream
   * between two pieces, such as the process that this one is upgraded to.
   */
  private static int wholeLines(ByteBuffer lines) {
    int most = Math.min(lines.remaining(), MOST_AT_ONCE);
    int length = most;
    while (length > 0 && lines.get(lines.position() + length - 1) != '\n') {
      length--;
    }
    return length == 0 ? most : length;
  }

  @Override
  public void reopen() {}

  @Override
  public void close() throws IOException {
    stream.flush();
  }
}
