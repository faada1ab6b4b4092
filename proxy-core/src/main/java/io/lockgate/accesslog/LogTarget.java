package io.lockgate.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where lines end up. Used by the writer thread only. */
interface LogTarget {
  LogTarget NOWHERE =
      new LogTarget() {
        @Override
        public void write(ByteBuffer lines) {}

        @Override
        public void reopen() {}

        @Override
        public void close() {}
      };

  /** Writes all that is left of it. */
  void write(ByteBuffer lines) throws IOException;

  /** Opens the same path anew; on failure what was open stays open. */
  void reopen() throws IOException;

  void close() throws IOException;
}
