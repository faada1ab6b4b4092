package io.lockgate.app;

import io.lockgate.admin.CertificateView;
import io.lockgate.config.hocon.ConfigReader;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.hocon.ProblemReport;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.pki.IdentityLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lockgate certs}: the inventory, of the files or of what a running daemon serves. */
@Command(
    name = "certs",
    mixinStandardHelpOptions = true,
    description =
        "Prints the certificate inventory: of the configuration, or of a daemon (--admin).")
final class CertsCommand implements Callable<Integer> {
  @Mixin private final AdminOptions admin = new AdminOptions();

  @Option(names = "--json", description = "One JSON document on standard output.")
  private boolean json;

  private final Surroundings surroundings;

  CertsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return admin.addressGiven() ? ofDaemon() : ofFiles();
  }

  private int ofDaemon() {
    AdminClient.Answer answer = admin.client(surroundings).get("/certificates");
    if (!answer.good()) {
      surroundings.err().println("lockgate certs: " + answer.refusal());
      return ExitCode.FAILED;
    }
    if (json) {
      surroundings.out().println(answer.body().strip());
    } else {
      surroundings.out().print(new CertificateTable(DaemonCertificates.rows(answer.body())));
    }
    return ExitCode.GOOD;
  }

  private int ofFiles() {
    Path file = admin.configFile().orElseGet(surroundings::defaultConfigFile);
    ConfigResult result = ConfigReader.read(file, surroundings.environment());
    if (!(result instanceof ConfigResult.Valid valid)) {
      surroundings.err().print(ProblemReport.render(result, false));
      return ExitCode.WRONG_CONFIGURATION;
    }
    IdentityCatalog catalog =
        new IdentityLoader(surroundings.clock(), surroundings.environment())
            .check(
                valid.config(), IdentityCatalog.EMPTY, Runtime.getRuntime().availableProcessors());
    List<CertificateView> certificates =
        new Inventory(valid.config(), catalog)
            .certificates(
                surroundings.clock().instant(),
                entry -> StapleShown.NOT_FETCHED,
                entry -> Optional.empty());
    if (json) {
      surroundings.out().println(CertificateJson.of(certificates));
    } else {
      surroundings
          .out()
          .print(
              new CertificateTable(certificates.stream().map(CertificateTable.Row::of).toList()));
    }
    return reportErrors(surroundings, catalog.problems());
  }

  /** What no certificate can be served for, and the exit code; warnings show in the inventory. */
  static int reportErrors(Surroundings surroundings, List<ConfigProblem> problems) {
    List<ConfigProblem> errors =
        problems.stream().filter(p -> p.severity() == ConfigProblem.Severity.ERROR).toList();
    if (errors.isEmpty()) {
      return ExitCode.GOOD;
    }
    surroundings.err().print(ProblemReport.render(errors, false));
    return ExitCode.WRONG_CONFIGURATION;
  }
}
