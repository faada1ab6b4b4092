package io.lockgate.pki;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A private key in the one form that is kept: PKCS#8 (RFC 5208, RFC 5958). Older forms are wrapped
 * by hand, since a cryptographic library that could do it takes a second to load.
 */
final class Pkcs8 {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] VERSION_0 = HEX.parseHex("020100");
  private static final byte[] RSA_IDENTIFIER = HEX.parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC_OID = HEX.parseHex("06072a8648ce3d0201");

  private final byte[] encoded;
  private final KeyKind kind;

  private Pkcs8(byte[] encoded, KeyKind kind) {
    this.encoded = encoded;
    this.kind = kind;
  }

  static Pkcs8 of(byte[] encoded) throws InvalidKeySpecException {
    DerReader info = DerReader.of(encoded).enter(DerReader.SEQUENCE);
    info.content(DerReader.INTEGER);
    KeyKind kind =
        KeyKind.named(info.enter(DerReader.SEQUENCE))
            .orElseThrow(
                () ->
                    new InvalidKeySpecException(
                        "the key is of a kind that cannot be served (known are RSA, EC on P-256,"
                            + " P-384 and P-521, and Ed25519)"));
    return new Pkcs8(encoded, kind);
  }

  /** Wraps an RSAPrivateKey (RFC 8017 appendix A.1.2). */
  static Pkcs8 ofPkcs1(byte[] rsaKey) throws InvalidKeySpecException {
    return of(sequence(VERSION_0, RSA_IDENTIFIER, element(DerReader.OCTET_STRING, rsaKey)));
  }

  /**
   * Wraps an ECPrivateKey (RFC 5915).
   *
   * @param parameters the curve's DER where it stands apart from the key
   */
  static Pkcs8 ofSec1(byte[] ecKey, Optional<byte[]> parameters) throws InvalidKeySpecException {
    DerReader key = DerReader.of(ecKey).enter(DerReader.SEQUENCE);
    key.content(DerReader.INTEGER);
    key.content(DerReader.OCTET_STRING);
    byte[] curve;
    if (key.nextIs(DerReader.CONTEXT_0)) {
      curve = key.content(DerReader.CONTEXT_0);
    } else {
      curve =
          parameters.orElseThrow(
              () -> new InvalidKeySpecException("the EC key does not name its curve"));
    }
    return of(sequence(VERSION_0, sequence(EC_OID, curve), element(DerReader.OCTET_STRING, ecKey)));
  }

  /**
   * Fails if the key cannot be a key of its kind, so that this comes to light before a client waits
   * for it. That the scalar of an EC key fits the point beside it is left to the TLS library, since
   * the multiplication would cost more than all else.
   */
  void check() throws GeneralSecurityException {
    if (!kind.elliptic()) {
      Identity.parseKey(this);
      return;
    }
    DerReader key = privateKey().enter(DerReader.SEQUENCE);
    key.skip(DerReader.INTEGER);
    byte[] scalar = key.content(DerReader.OCTET_STRING);
    BigInteger number = new BigInteger(1, scalar);
    if (number.signum() == 0 || number.bitLength() > kind.fieldBits()) {
      throw new InvalidKeySpecException("the key's number is not one of its curve");
    }
  }

  KeyKind kind() {
    return kind;
  }

  byte[] encoded() {
    return encoded;
  }

  /** An RSA key's modulus, without sign bytes. */
  byte[] rsaModulus() throws InvalidKeySpecException {
    DerReader key = privateKey().enter(DerReader.SEQUENCE);
    key.content(DerReader.INTEGER);
    return key.content(DerReader.INTEGER);
  }

  /** The public point that most tools write next to an EC key, uncompressed. */
  Optional<byte[]> ecPoint() throws InvalidKeySpecException {
    DerReader key = privateKey().enter(DerReader.SEQUENCE);
    key.content(DerReader.INTEGER);
    key.content(DerReader.OCTET_STRING);
    while (key.hasNext()) {
      if (key.nextIs(DerReader.CONTEXT_1)) {
        byte[] bits = key.enter(DerReader.CONTEXT_1).content(DerReader.BIT_STRING);
        return Optional.of(bits).filter(b -> b.length > 1).map(b -> tail(b));
      }
      key.skip();
    }
    return Optional.empty();
  }

  private DerReader privateKey() throws InvalidKeySpecException {
    DerReader info = DerReader.of(encoded).enter(DerReader.SEQUENCE);
    info.content(DerReader.INTEGER);
    info.content(DerReader.SEQUENCE);
    return info.enter(DerReader.OCTET_STRING);
  }

  /** A BIT STRING's bits without the count of unused ones. */
  static byte[] tail(byte[] bitString) {
    return Arrays.copyOfRange(bitString, 1, bitString.length);
  }

  private static byte[] sequence(byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    return element(DerReader.SEQUENCE, content.toByteArray());
  }

  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 4);
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else if (content.length < 0x100) {
      out.write(0x81);
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
