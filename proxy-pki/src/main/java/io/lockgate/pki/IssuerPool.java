package io.lockgate.pki;

import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Sees to it that equal issuers of one catalog are one object. Safe for use by many threads. */
final class IssuerPool {
  private final ConcurrentMap<ByteBuffer, Issuer> byEncoding = new ConcurrentHashMap<>();

  Issuer issuer(byte[] der) throws CertificateException {
    Issuer known = byEncoding.get(ByteBuffer.wrap(der));
    if (known != null) {
      return known;
    }
    return keep(new Issuer(der));
  }

  /** Takes over what an earlier catalog holds, so that a reload does not make it anew. */
  void keepIssuersOf(IdentityCatalog earlier) {
    Set<Issuer> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    earlier.forEachLoaded(
        pair -> {
          for (Issuer issuer : pair.assembly().identity().issuers()) {
            if (seen.add(issuer)) {
              keep(issuer);
            }
          }
        });
  }

  private Issuer keep(Issuer issuer) {
    Issuer known = byEncoding.putIfAbsent(ByteBuffer.wrap(issuer.encoded().der()), issuer);
    return known == null ? issuer : known;
  }
}
