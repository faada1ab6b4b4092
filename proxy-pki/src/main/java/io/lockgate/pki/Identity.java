package io.lockgate.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Stub. */
public record Identity(
    String digest,
    List<X509Certificate> chain,
    PrivateKey key,
    KeyKind kind,
    List<String> dnsNames,
    List<String> ipAddresses) {}
