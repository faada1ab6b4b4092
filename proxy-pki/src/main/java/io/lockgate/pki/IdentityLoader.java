package io.lockgate.pki;

import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.CertificateConfig.Source;
import io.lockgate.config.model.ProxyConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes a catalog of what the configuration's certificate sources hold at this moment. What earlier
 * catalogs hold and what did not change is taken over, the very same objects.
 *
 * <p>Runs on the control thread and reads files, with some help of threads that end with the load.
 * Never to be called on an event loop.
 */
public final class IdentityLoader {
  private final Clock clock;
  private final PairReader reader;

  /**
   * A loader.
   *
   * @param environment where passwords of keys are found
   */
  public IdentityLoader(Clock clock, Map<String, String> environment) {
    this.clock = clock;
    this.reader = new PairReader(Map.copyOf(environment));
  }

  /**
   * Loads every source; local authorities make and renew what they lack.
   *
   * @param previous what is served now, or {@link IdentityCatalog#EMPTY}
   * @param threads how many files may be read at a time
   */
  public IdentityCatalog load(ProxyConfig config, IdentityCatalog previous, int threads) {
    return new Load(config, previous, true).catalog(threads);
  }

  /**
   * The same, but changes nothing: what a local authority would make is made in memory only, and
   * {@link IdentityCatalog#notes()} says so.
   */
  public IdentityCatalog check(ProxyConfig config, IdentityCatalog previous, int threads) {
    return new Load(config, previous, false).catalog(threads);
  }

  /** One load. */
  private final class Load {
    private final ProxyConfig config;
    private final IdentityCatalog previous;
    private final boolean writing;
    private final Instant now = clock.instant();
    private final CatalogDraft draft;
    private final List<PairRequest> requests = new ArrayList<>();

    Load(ProxyConfig config, IdentityCatalog previous, boolean writing) {
      this.config = config;
      this.previous = previous;
      this.writing = writing;
      this.draft = new CatalogDraft(config, now, previous);
    }

    IdentityCatalog catalog(int threads) {
      config.certificates().forEach(this::request);
      PairLoader loader = new PairLoader(reader, previous, now);
      ParallelReading.of(requests, loader::load, threads).forEach(draft::add);
      return draft.catalog();
    }

    private void request(CertificateConfig certificate) {
      Source source = certificate.source();
      try {
        if (source instanceof Source.Files files) {
          PairFiles pair = PairFiles.of(files.chain(), files.key(), files.passwordEnv());
          requests.add(new PairRequest(certificate.name(), certificate, pair, false));
        } else if (source instanceof Source.Directory directory) {
          requestAll(certificate, directory.path());
        } else if (source instanceof Source.LocalCa local) {
          requestLocal(certificate, local);
        } else {
          throw new AssertionError(source);
        }
      } catch (CertificateFileException e) {
        draft.fault(certificate, e);
      }
    }

    private void requestAll(CertificateConfig certificate, Path directory)
        throws CertificateFileException {
      try {
        List<PairRequest> listed =
            DirectoryListing.requests(certificate, directory, previous.listed(certificate.name()));
        draft.listed(certificate, listed);
        requests.addAll(listed);
      } catch (IOException e) {
        throw PairBytes.unreadable(directory, e);
      }
    }

    private void requestLocal(CertificateConfig certificate, Source.LocalCa local)
        throws CertificateFileException {
      LocalCa authority = new LocalCa(local.directory(), now);
      PairFiles files = authority.files(certificate.name());
      if (writing) {
        authority.provide(certificate.name(), local.names()).forEach(draft::note);
      } else if (!authority.provides(certificate.name(), local.names())) {
        draft.add(certificate, files, LocalCa.rehearse(local.names(), now));
        draft.note("would make a certificate for " + local.names() + " at " + files.chain());
        return;
      }
      requests.add(new PairRequest(certificate.name(), certificate, files, false));
    }
  }
}
