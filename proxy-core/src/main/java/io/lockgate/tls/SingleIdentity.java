package io.lockgate.tls;

import io.lockgate.pki.Identity;
import io.netty.handler.ssl.util.LazyX509Certificate;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Offers one identity whatever is asked: it was chosen from the ClientHello before. Returns the
 * same key and certificates each time, by which Netty knows that what it parsed once still holds.
 */
final class SingleIdentity extends X509ExtendedKeyManager {
  private static final String ALIAS = "identity";

  private final X509Certificate[] chain;
  private final Optional<PrivateKey> key;

  private SingleIdentity(Identity identity, Optional<PrivateKey> key) {
    // The library parses the encodings itself: nobody needs the JDK's view of them.
    this.chain =
        identity.encodedChain().stream()
            .map(LazyX509Certificate::new)
            .toArray(X509Certificate[]::new);
    this.key = key;
  }

  static SingleIdentity of(Identity identity) {
    return new SingleIdentity(identity, Optional.of(identity.key()));
  }

  /** The certificates alone: the key is used elsewhere. */
  static SingleIdentity withoutKey(Identity identity) {
    return new SingleIdentity(identity, Optional.empty());
  }

  Optional<PrivateKey> key() {
    return key;
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    return ALIAS;
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return ALIAS;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain;
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key.orElse(null); // what Netty takes for "without"
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return new String[0];
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    throw new UnsupportedOperationException("for servers only");
  }
}
