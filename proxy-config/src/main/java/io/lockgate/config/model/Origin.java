package io.lockgate.config.model;

/**
 * Where in the operator's files a value was written.
 *
 * @param file the path as the operator would type it
 * @param line 1-based line, or 0 where the value comes from a built-in default
 */
public record Origin(String file, int line) {
  public static final Origin BUILT_IN = new Origin("built-in", 0);

  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line;
  }
}
