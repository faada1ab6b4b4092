package io.lockgate.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The root of a local authority with its key: makes certificates, all of them EC P-256. */
record LocalCertificate(X509Certificate certificate, PrivateKey key) {
  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final Duration ROOT_LIFE = Duration.ofDays(3650);
  private static final Duration LEAF_LIFE = Duration.ofDays(90);

  /** Clocks of containers and browsers differ a little. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  static PrivateKey newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      return generator.generateKeyPair().getPrivate();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The public half, for what the key file does not hold. */
  static PublicKey publicKey(PrivateKey key) throws GeneralSecurityException {
    if (!(key instanceof ECPrivateKey ec) || ec.getParams().getOrder().bitLength() != 256) {
      throw new GeneralSecurityException("its keys must be EC P-256");
    }
    X9ECParameters curve = SECNamedCurves.getByName(CURVE);
    var point = curve.getG().multiply(ec.getS()).normalize();
    ECPoint affine =
        new ECPoint(point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
    return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(affine, ec.getParams()));
  }

  static LocalCertificate newRoot(PrivateKey key, Instant now) throws GeneralSecurityException {
    PublicKey publicKey = publicKey(key);
    // The key's identifier in the name tells the roots of two machines apart in a trust store.
    X500Name name = name("Lockgate development CA " + Integer.toHexString(publicKey.hashCode()));
    Draft draft = new Draft(name, name, publicKey, now, now.plus(ROOT_LIFE));
    try {
      draft.add(Extension.basicConstraints, true, new BasicConstraints(0));
      draft.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return new LocalCertificate(draft.signed(key), key);
    } catch (IOException | OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  X509Certificate issue(PublicKey leafKey, List<String> names, Instant now)
      throws GeneralSecurityException {
    Instant wanted = now.plus(LEAF_LIFE);
    Instant rootEnd = certificate.getNotAfter().toInstant();
    X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    Draft draft =
        new Draft(
            name(names.get(0)), issuer, leafKey, now, wanted.isBefore(rootEnd) ? wanted : rootEnd);
    try {
      draft.add(Extension.basicConstraints, true, new BasicConstraints(false));
      draft.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      draft.add(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      draft.add(Extension.subjectAlternativeName, false, alternativeNames(names));
      draft.add(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
      return draft.signed(key);
    } catch (IOException | OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static GeneralNames alternativeNames(List<String> names) throws GeneralSecurityException {
    SubjectNames sorted = SubjectNames.of(names);
    return new GeneralNames(
        Stream.concat(
                sorted.dns().stream().map(dns -> new GeneralName(GeneralName.dNSName, dns)),
                sorted.addresses().stream()
                    .map(ip -> new GeneralName(GeneralName.iPAddress, ip.getHostAddress())))
            .toArray(GeneralName[]::new));
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  /** A certificate not yet signed. */
  private static final class Draft {
    private final X509v3CertificateBuilder builder;

    Draft(X500Name subject, X500Name issuer, PublicKey publicKey, Instant now, Instant until)
        throws GeneralSecurityException {
      builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(126, new SecureRandom()).setBit(126),
              Date.from(now.minus(CLOCK_SKEW)),
              Date.from(until),
              subject,
              publicKey);
      try {
        add(
            Extension.subjectKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(publicKey));
      } catch (IOException e) {
        throw new GeneralSecurityException(e);
      }
    }

    void add(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) throws IOException {
      builder.addExtension(id, critical, value);
    }

    X509Certificate signed(PrivateKey issuerKey)
        throws GeneralSecurityException, OperatorCreationException {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(issuerKey)));
    }
  }
}
