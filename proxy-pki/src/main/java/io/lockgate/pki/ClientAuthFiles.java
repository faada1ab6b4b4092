package io.lockgate.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that client authentication is read from, each parsed once for as long as its content
 * stays the same. On one thread while it is filled, immutable from then on.
 */
final class ClientAuthFiles {
  static final ClientAuthFiles NONE = new ClientAuthFiles(Map.of(), Map.of(), Map.of());

  /** Far above any list in use; keeps a wrong path from filling the memory. */
  private static final int LARGEST_FILE = 64 << 20;

  private final Map<Path, Content<X509Certificate>> certificates;
  private final Map<String, TrustBundle> bundles;
  private final Map<String, RevocationList> lists;

  private ClientAuthFiles(
      Map<Path, Content<X509Certificate>> certificates,
      Map<String, TrustBundle> bundles,
      Map<String, RevocationList> lists) {
    this.certificates = certificates;
    this.bundles = bundles;
    this.lists = lists;
  }

  private record Content<T>(String digest, List<T> parsed) {}

  /** Reads for one load; what did not change is taken over from the one before. */
  static final class Reader {
    private final ClientAuthFiles previous;
    private final Map<Path, Content<X509Certificate>> certificates = new HashMap<>();
    private final Map<String, TrustBundle> bundles = new HashMap<>();
    private final Map<Path, byte[]> crls = new HashMap<>();
    private final Map<String, RevocationList> lists = new HashMap<>();

    Reader(ClientAuthFiles previous) {
      this.previous = previous;
    }

    List<X509Certificate> certificates(Path file) throws CertificateFileException {
      Content<X509Certificate> known = certificates.get(file);
      if (known == null) {
        byte[] content = read(file);
        String digest = ClientIdentity.sha256(content);
        Content<X509Certificate> before = previous.certificates.get(file);
        known =
            before != null && before.digest.equals(digest)
                ? before
                : new Content<>(digest, TrustBundle.parse(file, content));
        certificates.put(file, known);
      }
      return known.parsed;
    }

    /** The one bundle of these certificates. */
    TrustBundle bundle(List<X509Certificate> of) {
      TrustBundle made = TrustBundle.of(of);
      TrustBundle bundle = previous.bundles.getOrDefault(made.digest(), made);
      TrustBundle present = bundles.putIfAbsent(made.digest(), bundle);
      return present == null ? bundle : present;
    }

    List<RevocationList> lists(Path file, TrustBundle trust) throws CertificateFileException {
      byte[] content = crls.get(file);
      if (content == null) {
        content = read(file);
        crls.put(file, content);
      }
      String digest = ClientIdentity.sha256(content);
      List<RevocationList> found = new ArrayList<>();
      RevocationList one = known(key(trust, digest, 0));
      if (one != null) {
        for (int i = 0; one != null; one = known(key(trust, digest, ++i))) {
          found.add(one);
        }
        return found;
      }
      for (X509CRL crl : RevocationList.parse(file, content)) {
        RevocationList list = RevocationList.checked(file, crl, trust);
        lists.put(key(trust, digest, found.size()), list);
        found.add(list);
      }
      return found;
    }

    private RevocationList known(String key) {
      RevocationList before = previous.lists.get(key);
      if (before != null) {
        lists.put(key, before);
      }
      return lists.get(key);
    }

    private static String key(TrustBundle trust, String digest, int index) {
      return trust.digest() + ' ' + digest + ' ' + index;
    }

    ClientAuthFiles files() {
      return new ClientAuthFiles(Map.copyOf(certificates), Map.copyOf(bundles), Map.copyOf(lists));
    }

    private static byte[] read(Path file) throws CertificateFileException {
      try {
        if (Files.size(file) > LARGEST_FILE) {
          throw new IOException("it is larger than 64 MiB");
        }
        return Files.readAllBytes(file);
      } catch (IOException e) {
        throw PairBytes.unreadable(file, e);
      }
    }
  }
}
