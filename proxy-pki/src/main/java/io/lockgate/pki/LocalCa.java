package io.lockgate.pki;

import io.lockgate.config.model.CertificateConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A certificate authority for development, kept in a directory: its root is made once, leaves are
 * renewed when a third of their life is left or their names change.
 *
 * <p>Several processes may use one directory at the same time. No lock is needed: a key is written
 * once by whoever is first and never replaced, so every certificate made for it fits, whoever wrote
 * it. Never for use in production: the root's key lies next to what it signs.
 */
public final class LocalCa {
  private static final String ROOT = "root";
  private static final String SECRET = "rw-------";
  private static final String PUBLIC = "rw-r--r--";

  private final Path directory;
  private final Instant now;

  LocalCa(Path directory, Instant now) {
    this.directory = directory;
    this.now = now;
  }

  /** The certificate that clients have to trust; there once the source was loaded. */
  public static Path rootFile(CertificateConfig.Source.LocalCa source) {
    return source.directory().resolve(ROOT + ".pem");
  }

  PairFiles files(String name) throws CertificateFileException {
    if (name.equals(ROOT)) {
      throw new CertificateFileException(
          "local-ca-name",
          directory + ": a certificate of a local CA cannot be named \"root\"",
          "root.pem is the authority's own; choose another name");
    }
    return new PairFiles(certificateFile(name), Optional.of(keyFile(name)), Optional.empty());
  }

  /** Whether all is there and good for some time. */
  boolean provides(String name, List<String> names) throws CertificateFileException {
    try {
      if (!Files.exists(certificateFile(ROOT)) || !Files.exists(keyFile(name))) {
        return false;
      }
      X509Certificate root = certificate(ROOT);
      return Files.exists(certificateFile(name)) && good(certificate(name), key(name), root, names);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** Makes what is missing or has grown old, and tells what that was. */
  List<String> provide(String name, List<String> names) throws CertificateFileException {
    if (provides(name, names)) {
      return List.of(); // the usual start: the library that makes certificates is not even loaded
    }
    try {
      List<String> done = new ArrayList<>();
      makeDirectory();
      LocalCertificate root = root(done);
      if (!Files.exists(keyFile(name))) {
        writeKey(name);
      }
      PrivateKey leafKey = key(name);
      if (!Files.exists(certificateFile(name))
          || !good(certificate(name), leafKey, root.certificate(), names)) {
        X509Certificate leaf = root.issue(LocalCertificate.publicKey(leafKey), names, now);
        new DurableFile(certificateFile(name), PUBLIC).replace(PemText.of(leaf));
        done.add("made a certificate for " + names + " at " + certificateFile(name));
      }
      return done;
    } catch (IOException e) {
      throw unusable(e);
    } catch (GeneralSecurityException e) {
      throw damaged(e.getMessage());
    }
  }

  /** What would be served, without a file: its authority is forgotten at once. */
  static PairAssembly rehearse(List<String> names, Instant now) throws CertificateFileException {
    try {
      LocalCertificate root = LocalCertificate.newRoot(LocalCertificate.newKey(), now);
      PrivateKey key = LocalCertificate.newKey();
      X509Certificate leaf = root.issue(LocalCertificate.publicKey(key), names, now);
      return new PairAssembly(Identity.of(List.of(leaf), key), List.of());
    } catch (GeneralSecurityException e) {
      throw new AssertionError("a new key cannot be unfit", e);
    }
  }

  private LocalCertificate root(List<String> done)
      throws IOException, GeneralSecurityException, CertificateFileException {
    if (!Files.exists(keyFile(ROOT))) {
      writeKey(ROOT);
    }
    PrivateKey key = key(ROOT);
    if (!Files.exists(certificateFile(ROOT))) {
      X509Certificate made = LocalCertificate.newRoot(key, now).certificate();
      new DurableFile(certificateFile(ROOT), PUBLIC).create(PemText.of(made));
      done.add("made a certificate authority for development: " + certificateFile(ROOT));
    }
    X509Certificate root = certificate(ROOT);
    if (!KeyMatch.matches(Pkcs8.of(key.getEncoded()), root.getPublicKey().getEncoded())) {
      throw damaged("root.key does not belong to root.pem");
    }
    if (now.isAfter(root.getNotAfter().toInstant())) {
      throw damaged("root.pem has expired");
    }
    return new LocalCertificate(root, key);
  }

  private boolean good(
      X509Certificate leaf, PrivateKey key, X509Certificate root, List<String> names) {
    Instant from = leaf.getNotBefore().toInstant();
    Instant until = leaf.getNotAfter().toInstant();
    Duration renewal = Duration.between(from, until).dividedBy(3);
    try {
      leaf.verify(root.getPublicKey());
      return !now.isBefore(from)
          && now.plus(renewal).isBefore(until)
          && KeyMatch.matches(Pkcs8.of(key.getEncoded()), leaf.getPublicKey().getEncoded())
          && SubjectNames.of(EncodedCertificate.of(leaf.getEncoded()))
              .sameAs(SubjectNames.of(names));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private void makeDirectory() throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private void writeKey(String name) throws IOException {
    String pem = PemText.of(LocalCertificate.newKey());
    new DurableFile(keyFile(name), SECRET).create(pem);
  }

  private PrivateKey key(String name) throws CertificateFileException, IOException {
    Path file = keyFile(name);
    Optional<PemKey> key = PemKey.among(file, PemBlock.in(file, Files.readAllBytes(file)));
    if (key.isEmpty()) {
      throw damaged(file.getFileName() + " holds no key");
    }
    try {
      return Identity.parseKey(key.get().open(Optional.empty()));
    } catch (GeneralSecurityException e) {
      throw damaged(file.getFileName() + " cannot be read: " + e.getMessage());
    }
  }

  private X509Certificate certificate(String name) throws CertificateFileException, IOException {
    Path file = certificateFile(name);
    List<PemBlock> blocks = PemBlock.in(file, Files.readAllBytes(file));
    if (blocks.isEmpty()) {
      throw damaged(file.getFileName() + " holds no certificate");
    }
    try {
      return EncodedCertificate.parse(blocks.get(0).der());
    } catch (GeneralSecurityException e) {
      throw damaged(file.getFileName() + " cannot be read: " + e.getMessage());
    }
  }

  private Path certificateFile(String name) {
    return directory.resolve(name + ".pem");
  }

  private Path keyFile(String name) {
    return directory.resolve(name + ".key");
  }

  private CertificateFileException unusable(IOException cause) {
    return new CertificateFileException(
        "local-ca-unusable",
        directory + ": the local CA cannot be used: " + cause,
        "the user that runs the proxy must be able to write there");
  }

  private CertificateFileException damaged(String reason) {
    return new CertificateFileException(
        "local-ca-damaged",
        directory + ": the local CA is damaged: " + reason,
        "remove the directory to have a new one made; clients must then trust the new root");
  }
}
