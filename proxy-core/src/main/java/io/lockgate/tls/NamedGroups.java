package io.lockgate.tls;

import java.util.List;
import java.util.Map;

/**
 * The named groups (RFC 8446 section 4.2.7) that a policy can list, by the configuration's names.
 */
final class NamedGroups {
  static final int P_256 = 0x0017;
  static final int P_384 = 0x0018;
  static final int P_521 = 0x0019;

  private static final Map<String, Integer> CODES =
      Map.of(
          "P-256", P_256,
          "P-384", P_384,
          "P-521", P_521,
          "X25519", 0x001d,
          "X25519MLKEM768", 0x11ec);

  private NamedGroups() {}

  static boolean anyOf(List<String> names, CodePoints offered) {
    for (String name : names) {
      if (offered.contains(CODES.getOrDefault(name, -1))) {
        return true;
      }
    }
    return false;
  }
}
