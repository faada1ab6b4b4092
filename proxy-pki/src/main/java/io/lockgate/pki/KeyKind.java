package io.lockgate.pki;

import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** The kinds of key that can be served, told apart by their algorithm identifiers (RFC 5280). */
public enum KeyKind {
  EC_P256("EC", "EC P-256", 256, KeyKind.EC_OID + "06082a8648ce3d030107"),
  EC_P384("EC", "EC P-384", 384, KeyKind.EC_OID + "06052b81040022"),
  EC_P521("EC", "EC P-521", 521, KeyKind.EC_OID + "06052b81040023"),
  RSA("RSA", "RSA", 0, "06092a864886f70d010101"),
  ED25519("Ed25519", "Ed25519", 255, "06032b6570");

  private static final Map<KeyKind, byte[]> IDENTIFIERS = new EnumMap<>(KeyKind.class);

  static {
    for (KeyKind kind : values()) {
      IDENTIFIERS.put(kind, HexFormat.of().parseHex(kind.identifier));
    }
  }

  private static final String EC_OID = "06072a8648ce3d0201";

  private final String algorithm;
  private final String label;
  private final int fieldBits;
  private final String identifier;

  KeyKind(String algorithm, String label, int fieldBits, String identifier) {
    this.algorithm = algorithm;
    this.label = label;
    this.fieldBits = fieldBits;
    this.identifier = identifier;
  }

  /** As an operator calls it; an RSA key's length is not part of it. */
  public String label() {
    return label;
  }

  /** Whether handshakes sign with ECDSA under this key. */
  public boolean elliptic() {
    return algorithm.equals("EC");
  }

  /** The bits of a curve's numbers; 0 where there is no curve. */
  int fieldBits() {
    return fieldBits;
  }

  /** The algorithm as the JDK's key factories name it. */
  String algorithm() {
    return algorithm;
  }

  /**
   * Which kind an AlgorithmIdentifier names; empty for kinds that cannot be served.
   *
   * @param content what stands inside the identifier's SEQUENCE
   */
  static Optional<KeyKind> named(DerReader content) {
    for (Map.Entry<KeyKind, byte[]> kind : IDENTIFIERS.entrySet()) {
      if (content.restStartsWith(kind.getValue())) {
        return Optional.of(kind.getKey());
      }
    }
    return Optional.empty();
  }
}
