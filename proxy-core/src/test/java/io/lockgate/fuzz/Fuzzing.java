package io.lockgate.fuzz;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where {@code scripts/fuzz} and the fuzzer it runs come in. The target is named by the system
 * property {@code lockgate.fuzz.target}.
 */
public final class Fuzzing {
  private static final FuzzTarget TARGET =
      FuzzTarget.of(System.getProperty("lockgate.fuzz.target", "request"));

  private Fuzzing() {}

  /** As Jazzer calls it. */
  public static void fuzzerTestOneInput(byte[] input) {
    TARGET.check(input);
  }

  /** Without arguments names the targets; with a directory writes the seeds of the target there. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      for (FuzzTarget target : FuzzTarget.values()) {
        System.out.println(target.label());
      }
    } else {
      FuzzSeeds.write(TARGET, Path.of(arguments[0]));
    }
  }
}
