package io.lockgate.accesslog;

import java.io.IOException;
import java.io.OutputStream;

/** Standard output: belongs to the process, so it is neither reopened nor closed. */
final class LogStream implements LogTarget {
  private final OutputStream stream;

  LogStream(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    stream.write(bytes, offset, length);
    stream.flush();
  }

  @Override
  public void reopen() {}

  @Override
  public void close() throws IOException {
    stream.flush();
  }
}
