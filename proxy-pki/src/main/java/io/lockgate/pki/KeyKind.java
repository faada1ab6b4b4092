package io.lockgate.pki;

/** Stub. */
public enum KeyKind {
  EC_P256,
  EC_P384,
  EC_P521,
  RSA,
  ED25519
}
