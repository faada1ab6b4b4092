package io.lockgate.pki;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Understands the files of one certificate: PEM in all its forms, and PKCS#12. Every refusal names
 * the file and the reason. Safe for use by many threads.
 */
final class PairReader {
  private static final Set<String> CERTIFICATE_LABELS = Set.of("CERTIFICATE", "X509 CERTIFICATE");

  private final Map<String, String> environment;

  PairReader(Map<String, String> environment) {
    this.environment = environment;
  }

  PairContent content(PairFiles files, PairBytes bytes) throws CertificateFileException {
    if (files.pkcs12()) {
      return Pkcs12.open(files.chain(), bytes.chain(), password(files));
    }
    List<PemBlock> chainBlocks = PemBlock.in(files.chain(), bytes.chain());
    List<byte[]> certificates = certificates(files.chain(), bytes.chain(), chainBlocks);
    List<PemBlock> keyBlocks =
        files.key().isPresent() ? PemBlock.in(files.key().get(), bytes.key()) : chainBlocks;
    Optional<PemKey> key = PemKey.among(files.secret(), keyBlocks);
    if (key.isEmpty()) {
      throw keyMissing(files, bytes);
    }
    Optional<char[]> password = key.get().encrypted() ? password(files) : Optional.empty();
    return new PairContent(certificates, key.get().open(password));
  }

  private static List<byte[]> certificates(Path file, byte[] content, List<PemBlock> blocks)
      throws CertificateFileException {
    List<byte[]> certificates = new ArrayList<>(blocks.size());
    for (PemBlock block : blocks) {
      if (CERTIFICATE_LABELS.contains(block.label())) {
        certificates.add(block.der());
      }
    }
    if (certificates.isEmpty()) {
      throw new CertificateFileException(
          "certificate-missing",
          file + ": the file holds no PEM certificate",
          content.length > 0 && content[0] == DerReader.SEQUENCE
              ? "it looks like DER or PKCS#12: convert it to PEM, or name a PKCS#12 file *.p12"
              : "expected is a block that begins with -----BEGIN CERTIFICATE-----");
    }
    return certificates;
  }

  private Optional<char[]> password(PairFiles files) throws CertificateFileException {
    if (files.passwordEnv().isEmpty()) {
      return Optional.empty();
    }
    String variable = files.passwordEnv().get();
    String password = environment.get(variable);
    if (password == null) {
      throw new CertificateFileException(
          "password-missing",
          files.secret() + ": the environment variable " + variable + " is not set",
          "it should hold the password of the key");
    }
    return Optional.of(password.toCharArray());
  }

  private static CertificateFileException keyMissing(PairFiles files, PairBytes bytes) {
    boolean der = bytes.key().length > 0 && bytes.key()[0] == DerReader.SEQUENCE;
    return new CertificateFileException(
        "key-missing",
        files.secret() + ": the file holds no PEM private key",
        der
            ? "it looks like DER: convert it with openssl pkey -inform der"
            : "expected is a block that begins with -----BEGIN PRIVATE KEY-----");
  }
}
