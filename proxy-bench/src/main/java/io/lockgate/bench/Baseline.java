package io.lockgate.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The figures of every benchmark as they were recorded, and where: a JSON document in the
 * repository, one benchmark a line and in order of their names, so that a change of it can be read.
 *
 * @param java feature version of the Java they were taken on
 * @param processor its name, as far as it is known
 */
record Baseline(int java, String processor, NavigableMap<String, Figures> figures) {
  private static final Pattern HEAD =
      Pattern.compile("\\s*\"java\": (\\d+), \"processor\": \"([^\"]*)\",");
  private static final Pattern LINE =
      Pattern.compile("\\s*\"([^\"]+)\": \\{\"bytes\": ([\\d.]+), \"steps\": ([\\d.]+)},?");
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** Figures of this Java and this processor. */
  static Baseline here(Map<String, Figures> figures) throws IOException {
    return new Baseline(Runtime.version().feature(), processorHere(), new TreeMap<>(figures));
  }

  private static String processorHere() throws IOException {
    if (!Files.isReadable(PROCESSORS)) {
      return "";
    }
    try (var lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.replaceFirst("[^:]*:\\s*", "").replace("\"", ""))
          .findFirst()
          .orElse("");
    }
  }

  static Baseline read(Path file) throws IOException {
    int java = 0;
    String processor = "";
    NavigableMap<String, Figures> figures = new TreeMap<>();
    for (String text : Files.readAllLines(file, UTF_8)) {
      Matcher head = HEAD.matcher(text);
      Matcher line = LINE.matcher(text);
      if (head.matches()) {
        java = Integer.parseInt(head.group(1));
        processor = head.group(2);
      } else if (line.matches()) {
        figures.put(
            line.group(1),
            new Figures(Double.parseDouble(line.group(2)), Double.parseDouble(line.group(3))));
      } else if (text.contains("bytes")) {
        throw new IOException(file + ": not in the form it was written in: " + text);
      }
    }
    return new Baseline(java, processor, figures);
  }

  void write(Path file) throws IOException {
    String lines =
        figures.entrySet().stream()
            .map(
                entry ->
                    String.format(
                        Locale.ROOT,
                        "    \"%s\": {\"bytes\": %.0f, \"steps\": %.0f}",
                        entry.getKey(),
                        entry.getValue().bytes(),
                        entry.getValue().steps()))
            .collect(joining(",\n"));
    Files.writeString(
        file,
        "{\n  \"java\": "
            + java
            + ", \"processor\": \""
            + processor
            + "\",\n  \"benchmarks\": {\n"
            + lines
            + "\n  }\n}\n",
        UTF_8);
  }

  /** Whether processor time measured here may be held against this. */
  boolean sameMachine(Baseline other) {
    return java == other.java && processor.equals(other.processor);
  }

  /** With the figures of {@code newer} in place of those of the same name. */
  Baseline with(Baseline newer) {
    NavigableMap<String, Figures> all = new TreeMap<>(figures);
    all.putAll(newer.figures);
    return new Baseline(newer.java, newer.processor, all);
  }
}
