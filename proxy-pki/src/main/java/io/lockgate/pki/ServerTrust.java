package io.lockgate.pki;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Authorities whose word about servers is taken. Two are equal if they hold the same certificates,
 * wherever those came from. Immutable; any number of threads share one.
 */
public final class ServerTrust {
  private final Set<TrustAnchor> anchors = new HashSet<>();
  private final Set<X509Certificate> certificates;
  private final String digest;

  private ServerTrust(List<X509Certificate> certificates) throws GeneralSecurityException {
    this.certificates = Set.copyOf(certificates);
    List<byte[]> encoded = new ArrayList<>();
    for (X509Certificate certificate : this.certificates) {
      anchors.add(new TrustAnchor(certificate, null));
      encoded.add(certificate.getEncoded());
    }
    encoded.sort(Arrays::compare);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    encoded.forEach(sha256::update);
    this.digest = HexFormat.of().formatHex(sha256.digest());
  }

  /** Trust in these authorities alone. */
  public static ServerTrust of(List<X509Certificate> certificates) {
    try {
      return new ServerTrust(certificates);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a certificate that cannot be encoded", e);
    }
  }

  /** What the machine trusts. Takes tens of milliseconds and reads files. */
  public static ServerTrust ofSystem() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      List<X509Certificate> roots = new ArrayList<>();
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          roots.addAll(List.of(x509.getAcceptedIssuers()));
        }
      }
      return new ServerTrust(roots);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the system's trust store cannot be read", e);
    }
  }

  Set<TrustAnchor> anchors() {
    return anchors;
  }

  boolean holds(X509Certificate certificate) {
    return certificates.contains(certificate);
  }

  /** Hex SHA-256 over the certificates, whatever their order. */
  public String digest() {
    return digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ServerTrust that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "ServerTrust[" + certificates.size() + " " + digest.substring(0, 12) + "]";
  }
}
