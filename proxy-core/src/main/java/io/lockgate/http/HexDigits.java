package io.lockgate.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers as lower-case hexadecimal digits, eight at a time: ids are written for every request. */
public final class HexDigits {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long LOW_HALF = 0xffff_ffffL;
  private static final long ONES = 0x0101_0101_0101_0101L;

  /** From the last digit that is none of a decimal number to the first letter. */
  private static final int BETWEEN = 'a' - '0' - 10;

  private HexDigits() {}

  /** Writes the sixteen digits of a number. */
  public static void put(byte[] into, int at, long number) {
    EIGHT.set(into, at, digits(number >>> 32));
    EIGHT.set(into, at + 8, digits(number & LOW_HALF));
  }

  /** The digits of the low half, one an octet, the most significant first. */
  private static long digits(long half) {
    long spread = (half | half << 16) & 0x0000_ffff_0000_ffffL;
    spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ffL;
    spread = (spread | spread << 4) & 0x0f0f_0f0f_0f0f_0f0fL;
    long letters = (spread + 6 * ONES) >>> 4 & ONES;
    return spread + '0' * ONES + letters * BETWEEN;
  }
}
