package io.lockgate.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * A command whose name is taken but which does nothing yet. It says so and fails, whatever it is
 * given: a script that relies on it must not take silence for an answer.
 */
@Command(description = "Not yet supported.")
final class LaterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Takes whatever is given, so that none of it is called wrong usage. */
  @SuppressWarnings("unused")
  @Unmatched
  private List<String> given = new ArrayList<>();

  private final Surroundings surroundings;

  LaterCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    surroundings
        .err()
        .println("lockgate: " + spec.name() + " is not yet supported by this version");
    return ExitCode.FAILED;
  }
}
