package io.lockgate.testkit;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate about to be issued. Each method changes one thing; not for use by many threads. */
public final class TestLeaf {
  private static final ASN1ObjectIdentifier TLS_FEATURE =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24");
  private static final String IP_LITERAL = "[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*";

  private final Optional<TestCa> issuer;
  private final List<String> names;
  private List<String> dnsNames = List.of();
  private String commonName;
  private Optional<String> distinguishedName = Optional.empty();
  private TestKey kind = TestKey.EC_P256;
  private Optional<KeyPair> keys = Optional.empty();
  private Instant notBefore = TestCa.yesterday();
  private Instant notAfter = notBefore.plus(Duration.ofDays(91));
  private Optional<String> signature = Optional.empty();
  private List<KeyPurposeId> purposes = List.of(KeyPurposeId.id_kp_serverAuth);
  private boolean authority;
  private boolean mustStaple;
  private Optional<String> issuerAddress = Optional.empty();
  private Optional<String> ocspAddress = Optional.empty();

  TestLeaf(TestCa issuer, List<String> names) {
    this.issuer = Optional.ofNullable(issuer);
    this.names = List.copyOf(names);
    this.commonName = names.isEmpty() ? "nameless" : names.get(0);
  }

  public TestLeaf commonName(String name) {
    commonName = name;
    return this;
  }

  /** With these beside the other names as DNS names, whatever they look like. */
  public TestLeaf dnsNames(String... written) {
    dnsNames = List.of(written);
    return this;
  }

  /** The whole subject as in RFC 4514, in place of a common name alone. */
  public TestLeaf subject(String name) {
    distinguishedName = Optional.of(name);
    return this;
  }

  public TestLeaf key(TestKey keyKind) {
    kind = keyKind;
    return this;
  }

  /** Uses a pair made elsewhere, so that thousands of certificates need not each make their own. */
  public TestLeaf key(TestKey keyKind, KeyPair pair) {
    kind = keyKind;
    keys = Optional.of(pair);
    return this;
  }

  public TestLeaf valid(Instant from, Instant until) {
    notBefore = from;
    notAfter = until;
    return this;
  }

  public TestLeaf lasting(Duration life) {
    notAfter = notBefore.plus(life);
    return this;
  }

  /** Ended yesterday. */
  public TestLeaf expired() {
    return valid(TestCa.yesterday().minus(Duration.ofDays(90)), TestCa.yesterday());
  }

  /** Begins tomorrow. */
  public TestLeaf notYetValid() {
    Instant tomorrow = TestCa.yesterday().plus(Duration.ofDays(2));
    return valid(tomorrow, tomorrow.plus(Duration.ofDays(90)));
  }

  /** Signed with another algorithm, such as {@code SHA1withECDSA}. */
  public TestLeaf signedWith(String algorithm) {
    signature = Optional.of(algorithm);
    return this;
  }

  /** For clients: extended key usage clientAuth only. */
  public TestLeaf forClient() {
    purposes = List.of(KeyPurposeId.id_kp_clientAuth);
    return this;
  }

  /** For signing OCSP responses in the issuer's place (RFC 6960 section 4.2.2.2). */
  public TestLeaf forOcsp() {
    purposes = List.of(KeyPurposeId.id_kp_OCSPSigning);
    return this;
  }

  /** Without any extended key usage. */
  public TestLeaf forAnyPurpose() {
    purposes = List.of();
    return this;
  }

  /** With the rights of a CA (RFC 5280 section 4.2.1.9). */
  public TestLeaf authority() {
    authority = true;
    purposes = List.of();
    return this;
  }

  /** With the TLS feature extension that asks for a staple (RFC 7633). */
  public TestLeaf mustStaple() {
    mustStaple = true;
    return this;
  }

  /** Where the issuer's certificate can be fetched (RFC 5280 section 4.2.2.1). */
  public TestLeaf issuerAt(String address) {
    issuerAddress = Optional.of(address);
    return this;
  }

  /** Where the certificate's status can be asked for. */
  public TestLeaf ocspAt(String address) {
    ocspAddress = Optional.of(address);
    return this;
  }

  /** Makes the certificate; the chain holds the leaf and the intermediates, not the root. */
  public TestIdentity issue() {
    KeyPair pair = keys.orElseGet(kind::generate);
    if (issuer.isEmpty()) {
      X509Certificate own = certify(pair, pair.getPrivate(), signatureOr(kind), subject());
      return new TestIdentity(List.of(own), pair.getPrivate());
    }
    TestCa ca = issuer.get();
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(
        certify(
            pair,
            ca.keys().getPrivate(),
            signature.orElse(ca.signatureAlgorithm()),
            ca.certificate().getSubjectX500Principal().getName()));
    chain.addAll(ca.withoutRoot());
    return new TestIdentity(chain, pair.getPrivate());
  }

  X509Certificate certify(KeyPair pair, PrivateKey signer, String algorithm, String issuerName) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name(issuerName),
              TestCa.randomSerial(),
              Date.from(notBefore),
              Date.from(notAfter),
              name(subject()),
              pair.getPublic());
      addIdentifiers(builder, pair);
      addExtensions(builder);
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(signer)));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new AssertionError("cannot make a certificate for " + commonName, e);
    }
  }

  private void addIdentifiers(X509v3CertificateBuilder builder, KeyPair pair)
      throws IOException, GeneralSecurityException {
    JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        identifiers.createSubjectKeyIdentifier(pair.getPublic()));
    if (issuer.isPresent()) {
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          identifiers.createAuthorityKeyIdentifier(issuer.get().keys().getPublic()));
    }
  }

  private void addExtensions(X509v3CertificateBuilder builder) throws IOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    int usage = authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature;
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    if (!purposes.isEmpty()) {
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
    }
    if (!names.isEmpty() || !dnsNames.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              Stream.concat(
                      names.stream().map(TestLeaf::generalName),
                      dnsNames.stream().map(name -> new GeneralName(GeneralName.dNSName, name)))
                  .toArray(GeneralName[]::new)));
    }
    if (mustStaple) {
      builder.addExtension(TLS_FEATURE, false, new DERSequence(new ASN1Integer(5)));
    }
    addAddresses(builder);
  }

  private void addAddresses(X509v3CertificateBuilder builder) throws IOException {
    List<AccessDescription> addresses = new ArrayList<>();
    issuerAddress.ifPresent(
        at -> addresses.add(new AccessDescription(AccessDescription.id_ad_caIssuers, uri(at))));
    ocspAddress.ifPresent(
        at -> addresses.add(new AccessDescription(AccessDescription.id_ad_ocsp, uri(at))));
    if (!addresses.isEmpty()) {
      builder.addExtension(
          Extension.authorityInfoAccess,
          false,
          new AuthorityInformationAccess(addresses.toArray(AccessDescription[]::new)));
    }
  }

  private String signatureOr(TestKey own) {
    return signature.orElse(own.signatureAlgorithm());
  }

  private String subject() {
    return distinguishedName.orElse("CN=" + commonName);
  }

  /** The same for subjects and issuers: names are compared by their encodings. */
  private static X500Name name(String text) {
    return X500Name.getInstance(new X500Principal(text).getEncoded());
  }

  private static GeneralName generalName(String name) {
    if (name.contains("://")) {
      return uri(name);
    }
    if (name.contains("@")) {
      return new GeneralName(GeneralName.rfc822Name, name);
    }
    int tag = name.matches(IP_LITERAL) ? GeneralName.iPAddress : GeneralName.dNSName;
    return new GeneralName(tag, name);
  }

  private static GeneralName uri(String address) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, address);
  }
}
