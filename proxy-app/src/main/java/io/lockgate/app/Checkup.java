package io.lockgate.app;

import io.lockgate.config.hocon.ConfigReader;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.ConfigProblem.Severity;
import io.lockgate.pki.ClientAuthCatalog;
import io.lockgate.pki.ClientAuthLoader;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.pki.IdentityLoader;
import io.lockgate.pki.ServerTrustLoader;
import io.lockgate.snapshot.HostCoverage;
import io.lockgate.snapshot.UpstreamIdentities;
import io.lockgate.ticket.TicketSources;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything {@code run} would load, looked at without changing anything: the configuration, the
 * certificates and their lint, what clients' certificates are verified with, and whether each host
 * has a certificate.
 *
 * @param notes what {@code run} would do beyond reading, such as making a local certificate
 */
record Checkup(List<ConfigProblem> problems, List<String> notes) {

  static Checkup of(Path file, Surroundings surroundings) {
    ConfigResult result = ConfigReader.read(file, surroundings.environment());
    List<ConfigProblem> problems = new ArrayList<>(result.problems());
    if (!(result instanceof ConfigResult.Valid valid)) {
      return new Checkup(problems, List.of());
    }
    IdentityCatalog catalog =
        new IdentityLoader(surroundings.clock(), surroundings.environment())
            .check(
                valid.config(), IdentityCatalog.EMPTY, Runtime.getRuntime().availableProcessors());
    problems.addAll(catalog.problems());
    problems.addAll(
        new ClientAuthLoader(surroundings.clock())
            .load(valid.config(), ClientAuthCatalog.EMPTY)
            .problems());
    // While a certificate is broken, that its hosts have none says nothing new.
    if (catalog.servable()) {
      problems.addAll(new HostCoverage(catalog.entries()).problems(valid.config()));
      problems.addAll(new UpstreamIdentities(catalog).problems(valid.config()));
    }
    problems.addAll(new ServerTrustLoader().load(valid.config()).problems());
    problems.addAll(
        new TicketSources(surroundings.clock(), surroundings.environment(), new SecureRandom())
            .problems(valid.config()));
    return new Checkup(problems, catalog.notes());
  }

  /** The same with every warning as an error. */
  Checkup strict() {
    List<ConfigProblem> errors =
        problems.stream()
            .map(
                p ->
                    new ConfigProblem(
                        Severity.ERROR, p.code(), p.path(), p.origin(), p.message(), p.hint()))
            .toList();
    return new Checkup(errors, notes);
  }

  long errors() {
    return problems.stream().filter(p -> p.severity() == Severity.ERROR).count();
  }

  long warnings() {
    return problems.size() - errors();
  }
}
