package io.lockgate.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON document in the making, as octets: grows, and keeps its array for the next one unless it
 * has become large. Whoever writes it minds the structure; {@link #text} quotes what comes from
 * outside. Not safe for several threads.
 */
public final class JsonOctets {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int FIRST = 4 * 1024;

  /** A document that was larger leaves its array to the collector. */
  private static final int MOST_KEPT = 1024 * 1024;

  /** Of a character, as {@code \u0000}. */
  private static final int MOST_OF_A_CHARACTER = 6;

  private byte[] octets = new byte[FIRST];
  private int length;

  /** Begins anew. */
  public void clear() {
    length = 0;
    if (octets.length > MOST_KEPT) {
      octets = new byte[FIRST];
    }
  }

  /** What was written; only the first {@link #length} octets count. */
  public byte[] octets() {
    return octets;
  }

  public int length() {
    return length;
  }

  /** Appends a part of the structure as it is. */
  public JsonOctets raw(byte[] part) {
    ensure(part.length);
    System.arraycopy(part, 0, octets, length, part.length);
    length += part.length;
    return this;
  }

  /** Appends a whole number, without quotation marks. */
  public JsonOctets number(long number) {
    return raw(Long.toString(number).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Appends 16 hex digits, without quotation marks. */
  public JsonOctets hex(long number) {
    ensure(Long.BYTES * 2);
    for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
      octets[length++] = HEX[(int) (number >>> shift) & 0xf];
    }
    return this;
  }

  /**
   * Appends a text with its quotation marks (RFC 8259 section 7), in ASCII whatever it holds, so
   * that nothing in it can end a value.
   */
  public JsonOctets text(String text) {
    ensure(2 + MOST_OF_A_CHARACTER * text.length());
    byte[] into = octets;
    int at = length;
    into[at++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '"' || character == '\\') {
        into[at++] = '\\';
        into[at++] = (byte) character;
      } else if (character >= ' ' && character < 0x7f) {
        into[at++] = (byte) character;
      } else {
        at = escape(into, at, character);
      }
    }
    into[at++] = '"';
    length = at;
    return this;
  }

  private static int escape(byte[] into, int from, char character) {
    int at = from;
    into[at++] = '\\';
    into[at++] = 'u';
    for (int shift = Character.SIZE - 4; shift >= 0; shift -= 4) {
      into[at++] = HEX[(character >>> shift) & 0xf];
    }
    return at;
  }

  private void ensure(int more) {
    if (octets.length - length < more) {
      octets = Arrays.copyOf(octets, Math.max(2 * octets.length, length + more));
    }
  }

  @Override
  public String toString() {
    return new String(octets, 0, length, StandardCharsets.US_ASCII);
  }
}
