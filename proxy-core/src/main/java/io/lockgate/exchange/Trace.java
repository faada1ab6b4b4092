package io.lockgate.exchange;

import io.lockgate.http.HexDigits;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Where a request stands in a distributed trace (W3C Trace Context, level 1). Immutable.
 *
 * @param traceHigh first half of the trace's id
 * @param traceLow second half; both are zero where nothing is traced
 * @param parent the span of whoever asked, or 0 where the trace begins here
 * @param span of this request
 * @param sampled whether it is recorded
 */
public record Trace(long traceHigh, long traceLow, long parent, long span, boolean sampled) {
  /** Nothing is traced. */
  public static final Trace NONE = new Trace(0, 0, 0, 0, false);

  /** Octets of a value of {@code traceparent}. */
  public static final int LENGTH = 55;

  private static final HexFormat HEX = HexFormat.of();

  public boolean present() {
    return span != 0;
  }

  /** 32 hex digits. */
  public String traceId() {
    return HEX.toHexDigits(traceHigh) + HEX.toHexDigits(traceLow);
  }

  /**
   * Writes the value of {@code traceparent} for whoever is asked next: version, trace, span, flags;
   * {@link #LENGTH} octets.
   */
  public void writeTo(byte[] text, int at) {
    write(text, at, traceHigh, traceLow, span);
    text[at + LENGTH - 1] = (byte) (sampled ? '1' : '0');
  }

  /** The same of a trace that is not recorded, and of which there need not be an object. */
  public static void write(byte[] text, int at, long traceHigh, long traceLow, long span) {
    text[at] = text[at + 1] = '0';
    text[at + 2] = text[at + 35] = text[at + 52] = '-';
    HexDigits.put(text, at + 3, traceHigh);
    HexDigits.put(text, at + 19, traceLow);
    HexDigits.put(text, at + 36, span);
    text[at + 53] = text[at + 54] = '0';
  }

  /**
   * Reads a value of {@code traceparent} (section 3.2). Versions to come are read as far as they
   * are like the first.
   *
   * @return the trace with the sender's span as parent and no span of its own; {@link #NONE} if it
   *     is not valid
   */
  public static Trace read(byte[] bytes, int start, int end) {
    int length = end - start;
    if (length < LENGTH || (length > LENGTH && bytes[start + LENGTH] != '-')) {
      return NONE;
    }
    String text = new String(bytes, start, LENGTH, StandardCharsets.ISO_8859_1);
    if (!isForm(text) || text.startsWith("ff") || (text.startsWith("00") && length > LENGTH)) {
      return NONE;
    }
    long high = HexFormat.fromHexDigitsToLong(text, 3, 19);
    long low = HexFormat.fromHexDigitsToLong(text, 19, 35);
    long parent = HexFormat.fromHexDigitsToLong(text, 36, 52);
    boolean sampled = (HexFormat.fromHexDigit(text.charAt(54)) & 1) != 0;
    return (high | low) == 0 || parent == 0 ? NONE : new Trace(high, low, parent, 0, sampled);
  }

  private static boolean isForm(String text) {
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == 2 || i == 35 || i == 52;
      if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }
}
