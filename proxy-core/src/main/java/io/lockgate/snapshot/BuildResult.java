package io.lockgate.snapshot;

import io.lockgate.config.model.ConfigProblem;
import java.util.List;

/** The outcome of building a generation. */
public sealed interface BuildResult {
  /** Problems found; of a generation that was built, warnings only. */
  List<ConfigProblem> problems();

  /** Ready to be published. */
  record Built(Snapshot snapshot, List<ConfigProblem> problems) implements BuildResult {}

  /** Nothing is left of the attempt. */
  record Failed(List<ConfigProblem> problems) implements BuildResult {}
}
