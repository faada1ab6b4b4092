package io.lockgate.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * A body of any length whose every byte follows from its place, so that both ends can check it
 * without keeping it. The period is a prime: a lost, doubled or swapped block changes the checksum.
 */
public final class Bulk {
  /** One gibibyte. */
  public static final long GIB = 1L << 30;

  private static final int PERIOD = 65_521;
  private static final byte[] BLOCK = block();

  private Bulk() {}

  /** Writes {@code length} bytes. */
  public static void write(OutputStream to, long length) throws IOException {
    for (long left = length; left > 0; left -= PERIOD) {
      to.write(BLOCK, 0, (int) Math.min(PERIOD, left));
    }
    to.flush();
  }

  /** The checksum of a body of {@code length} bytes. */
  public static long checksum(long length) {
    CRC32C sum = new CRC32C();
    for (long left = length; left > 0; left -= PERIOD) {
      sum.update(BLOCK, 0, (int) Math.min(PERIOD, left));
    }
    return sum.getValue();
  }

  /** Reads {@code in} to its end. */
  public static Seen read(InputStream in) throws IOException {
    Meter meter = new Meter();
    in.transferTo(meter);
    return meter.seen();
  }

  private static byte[] block() {
    byte[] block = new byte[PERIOD];
    int state = 1;
    for (int i = 0; i < PERIOD; i++) {
      state = state * 1_103_515_245 + 12_345;
      block[i] = (byte) (state >>> 16);
    }
    return block;
  }

  /** What came. */
  public record Seen(long length, long checksum) {
    /** What a body of {@code length} bytes must look like. */
    public static Seen of(long length) {
      return new Seen(length, Bulk.checksum(length));
    }

    @Override
    public String toString() {
      return "length=" + length + " checksum=" + checksum;
    }
  }

  /** Counts and sums what is written to it, and keeps nothing. */
  static final class Meter extends OutputStream {
    private final CheckedOutputStream sum =
        new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32C());
    private long length;

    @Override
    public void write(int b) throws IOException {
      sum.write(b);
      length++;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      sum.write(bytes, offset, count);
      length += count;
    }

    Seen seen() {
      return new Seen(length, sum.getChecksum().getValue());
    }
  }
}
