package io.lockgate.tls;

import java.security.PrivateKey;
import java.security.interfaces.RSAKey;

/** Which threads sign with a private key in handshakes. */
enum SigningPlace {
  /** The signature takes less time than handing it over and back would be worth. */
  LOOP,
  /** The signature would hold up every other connection of the event loop for milliseconds. */
  WORKERS;

  /** RSA signatures take time in the third power of the key's length. */
  private static final int LONGEST_RSA_ON_LOOP = 2048;

  static SigningPlace of(PrivateKey key) {
    return key instanceof RSAKey rsa && rsa.getModulus().bitLength() > LONGEST_RSA_ON_LOOP
        ? WORKERS
        : LOOP;
  }
}
