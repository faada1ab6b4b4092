package io.lockgate.proxyprotocol;

import java.util.Arrays;
import java.util.List;

/** Takes type-length-values apart. Pure. */
final class TypedValues {
  static final int HEADER = 3;

  private TypedValues() {}

  /**
   * Adds what stands in {@code bytes} from {@code start} on.
   *
   * @return whether the values fill the range to its last octet
   */
  static boolean read(byte[] bytes, int start, List<TypedValue> into) {
    int at = start;
    while (at < bytes.length) {
      if (bytes.length - at < HEADER) {
        return false;
      }
      int length = (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
      int from = at + HEADER;
      if (bytes.length - from < length) {
        return false;
      }
      into.add(new TypedValue(bytes[at] & 0xff, Arrays.copyOfRange(bytes, from, from + length)));
      at = from + length;
    }
    return true;
  }
}
