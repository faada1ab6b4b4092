package io.lockgate.pki;

import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.TlsConfig;
import io.lockgate.table.FlatTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A catalog while it is being put together. One thread. */
final class CatalogDraft {
  private final ProxyConfig config;
  private final Instant now;
  private final List<CertificateEntry> entries = new ArrayList<>();
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final IdentityCatalog previous;
  private final FlatTable.Builder<Path, LoadedPair> loaded;
  private final Map<String, List<PairRequest>> listed = new HashMap<>();

  /**
   * @param previous whose entries are taken over where they are the same
   */
  CatalogDraft(ProxyConfig config, Instant now, IdentityCatalog previous) {
    this.config = config;
    this.now = now;
    this.previous = previous;
    this.loaded = FlatTable.builder(previous.entries().size());
  }

  /** What is asked for of a directory. */
  void listed(CertificateConfig source, List<PairRequest> requests) {
    listed.put(source.name(), List.copyOf(requests));
  }

  void note(String note) {
    notes.add(note);
  }

  /** A source that gives nothing at all. */
  void fault(CertificateConfig source, CertificateFileException fault) {
    problems.add(
        ConfigProblem.error(
            fault.code(),
            path(source),
            origin(source),
            about(source.name()) + fault.getMessage(),
            fault.hint()));
  }

  void add(PairRequest request, PairOutcome outcome) {
    List<Finding> findings = new ArrayList<>(0);
    if (outcome.fault().isPresent()) {
      CertificateFileException fault = outcome.fault().get();
      if (!request.oneOfMany()) {
        fault(request.source(), fault);
        return;
      }
      findings.add(kept(fault, outcome.pair().isPresent()));
    }
    if (outcome.pair().isPresent()) {
      LoadedPair pair = outcome.pair().get();
      loaded.put(request.files().chain(), pair);
      findings.addAll(pair.assembly().findings());
      for (FileStamp stamp : pair.stamps()) {
        if (stamp.readableByOthers() && stamp.path().equals(request.files().secret())) {
          findings.add(ChainLint.keyReadableByOthers(stamp.path()));
        }
      }
      add(request.name(), request.source(), request.files(), pair.assembly(), findings);
    } else {
      warn(request.name(), request.source(), findings);
    }
  }

  /** An identity that no file holds. */
  void add(CertificateConfig source, PairFiles wouldBe, PairAssembly assembly) {
    add(source.name(), source, wouldBe, assembly, new ArrayList<>(assembly.findings()));
  }

  IdentityCatalog catalog() {
    return new IdentityCatalog(entries, problems, notes, loaded.build(), listed);
  }

  private void add(
      String name,
      CertificateConfig source,
      PairFiles files,
      PairAssembly assembly,
      List<Finding> findings) {
    Identity identity = assembly.identity();
    findings.addAll(ChainLint.ofDay(identity, now));
    if (identity.mustStaple() && !stapling(source)) {
      findings.add(ChainLint.mustStapleWithoutStapling());
    }
    if (identity.mustStaple() && stapling(source) && identity.ocspAddress().isEmpty()) {
      findings.add(ChainLint.mustStapleWithoutResponder());
    }
    if (identity.ocspAddress().isPresent()
        && !identity.issuerKnown()
        && demanded(source, identity)) {
      findings.add(ChainLint.stapleWithoutIssuer());
    }
    CertificateEntry entry =
        new CertificateEntry(
            name, source.name(), files.chain().toString(), source.owner(), identity, findings);
    entries.add(previous.entry(name).filter(entry::equals).orElse(entry));
    warn(name, source, findings);
  }

  private void warn(String name, CertificateConfig source, List<Finding> findings) {
    for (Finding finding : findings) {
      problems.add(
          new ConfigProblem(
              finding.severity(),
              finding.code(),
              path(source),
              origin(source),
              about(name) + finding.message(),
              finding.hint()));
    }
  }

  private boolean stapling(CertificateConfig source) {
    return mode(source) != TlsConfig.StapleMode.OFF;
  }

  private boolean demanded(CertificateConfig source, Identity identity) {
    return mode(source) == TlsConfig.StapleMode.REQUIRE
        || (identity.mustStaple() && stapling(source));
  }

  private TlsConfig.StapleMode mode(CertificateConfig source) {
    return source.staple().orElse(config.tls().ocsp().staple());
  }

  private Origin origin(CertificateConfig source) {
    return config.origins().of(path(source)).orElse(Origin.BUILT_IN);
  }

  private static Finding kept(CertificateFileException fault, boolean before) {
    String consequence =
        before ? "; what it held before goes on being served" : "; its names are not served";
    return Finding.warning(fault.code(), fault.getMessage() + consequence, fault.hint());
  }

  private static String path(CertificateConfig source) {
    boolean plain = source.name().matches("[A-Za-z0-9_-]+");
    return "certificates." + (plain ? source.name() : '"' + source.name() + '"');
  }

  private static String about(String name) {
    return "certificate \"" + name + "\": ";
  }
}
