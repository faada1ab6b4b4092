package io.lockgate.pki;

import java.security.cert.X509Certificate;

/**
 * The certificate of an authority. The same few stand behind thousands of leaves, so one is shared
 * by all and stays parsed.
 */
record Issuer(EncodedCertificate encoded, X509Certificate parsed) {}
