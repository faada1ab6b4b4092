package io.lockgate.app;

import io.lockgate.config.hocon.ConfigReader;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.hocon.ProblemReport;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.pki.IdentityLoader;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockgate explain}: who would serve a host and a path, and why. Changes nothing. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description =
        "Says which listener, certificate, TLS policy, route and upstream would serve, and why.")
final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "HOST[/PATH]", description = "What a client would ask for.")
  private String asked;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration; otherwise conf/lockgate.conf of the distribution.")
  private Optional<Path> configFile = Optional.empty();

  @Option(names = "--json", description = "One JSON document on standard output.")
  private boolean json;

  private final Surroundings surroundings;

  ExplainCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Path file = configFile.orElseGet(surroundings::defaultConfigFile);
    ConfigResult result = ConfigReader.read(file, surroundings.environment());
    if (!(result instanceof ConfigResult.Valid valid)) {
      surroundings.err().print(ProblemReport.render(result, false));
      return ExitCode.WRONG_CONFIGURATION;
    }
    IdentityCatalog catalog =
        new IdentityLoader(surroundings.clock(), surroundings.environment())
            .check(
                valid.config(), IdentityCatalog.EMPTY, Runtime.getRuntime().availableProcessors());
    String target = asked.startsWith("https://") ? asked.substring("https://".length()) : asked;
    int slash = target.indexOf('/');
    String host = slash < 0 ? target : target.substring(0, slash);
    String path = slash < 0 ? "/" : target.substring(slash);
    Explanation explanation =
        Explanation.of(valid.config(), catalog, host.toLowerCase(Locale.ROOT), path);
    print(host, path, explanation);
    // A daemon would not start with these, whatever the host.
    int certificates = CertsCommand.reportErrors(surroundings, catalog.problems());
    if (certificates != ExitCode.GOOD) {
      return certificates;
    }
    return explanation.served() ? ExitCode.GOOD : ExitCode.FAILED;
  }

  private void print(String host, String path, Explanation explanation) {
    if (json) {
      JsonText document = new JsonText().beginObject();
      document.field("host", host).field("path", path).field("served", explanation.served());
      document.name("facts").beginArray();
      for (Explanation.Fact fact : explanation.facts()) {
        document.beginObject().field("what", fact.what()).field("is", fact.is());
        document.field("why", fact.why()).field("origin", fact.origin()).endObject();
      }
      surroundings.out().println(document.endArray().endObject());
      return;
    }
    for (Explanation.Fact fact : explanation.facts()) {
      surroundings.out().printf("%-19s %s%n", fact.what(), fact.is());
      String why = fact.why() + (fact.origin().isEmpty() ? "" : " (" + fact.origin() + ")");
      surroundings.out().printf("%-19s   %s%n", "", why.strip());
    }
  }
}
