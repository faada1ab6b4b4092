package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import java.util.ArrayList;
import java.util.List;

/** A policy in the words of the native library, for clients and servers alike. Pure. */
final class PolicyTerms {
  private PolicyTerms() {}

  static List<String> protocols(TlsPolicy policy) {
    List<String> protocols = new ArrayList<>(2);
    if (policy.minVersion() == TlsVersion.TLS_1_2) {
      protocols.add("TLSv1.2");
    }
    if (policy.maxVersion() == TlsVersion.TLS_1_3) {
      protocols.add("TLSv1.3");
    }
    return protocols;
  }

  /** All suites of TLS 1.3, as BoringSSL cannot leave one out and Netty logs the attempt. */
  static List<String> ciphers(TlsPolicy policy) {
    List<String> names = new ArrayList<>(policy.ciphers12().size() + 3);
    if (policy.maxVersion() == TlsVersion.TLS_1_3) {
      CipherSuite.TLS_1_3.forEach(suite -> names.add(suite.name()));
    }
    if (policy.minVersion() == TlsVersion.TLS_1_2) {
      names.addAll(policy.ciphers12());
    }
    return names;
  }
}
