package io.lockgate.accesslog;

import java.io.IOException;

/** Where lines end up. Used by the writer thread only. */
interface LogTarget {
  LogTarget NOWHERE =
      new LogTarget() {
        @Override
        public void write(byte[] bytes, int offset, int length) {}

        @Override
        public void reopen() {}

        @Override
        public void close() {}
      };

  void write(byte[] bytes, int offset, int length) throws IOException;

  /** Opens the same path anew; on failure what was open stays open. */
  void reopen() throws IOException;

  void close() throws IOException;
}
