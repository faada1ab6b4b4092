package io.lockgate.bench;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Figures of now beside those recorded. More heap than recorded is a regression wherever it was
 * measured, more processor time only on the processor and Java of the record: on others a step
 * weighs something else.
 */
final class Comparison {
  private final Baseline recorded;
  private final Baseline now;
  private final boolean timeCounts;

  Comparison(Baseline recorded, Baseline now) {
    this.recorded = recorded;
    this.now = now;
    this.timeCounts = recorded.sameMachine(now);
  }

  /** What has grown beyond chance or was never recorded; names of benchmarks. */
  List<String> regressions() {
    return now.figures().entrySet().stream()
        .filter(entry -> !verdict(entry).isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A table in Markdown, and what to make of it. */
  String report() {
    List<String> notes = new ArrayList<>();
    if (!timeCounts) {
      notes.add(
          String.format(
              "Recorded on Java %d, %s; this is Java %d, %s: processor time is shown, and counts for"
                  + " nothing.%n",
              recorded.java(), recorded.processor(), now.java(), now.processor()));
    }
    return "| benchmark | heap, B | recorded | processor time, steps | recorded | |\n"
        + "|---|--:|--:|--:|--:|---|\n"
        + now.figures().entrySet().stream().map(this::row).collect(joining())
        + "\n"
        + String.join("", notes);
  }

  private String row(Map.Entry<String, Figures> entry) {
    Optional<Figures> before = Optional.ofNullable(recorded.figures().get(entry.getKey()));
    return String.format(
        Locale.ROOT,
        "| %s | %,.0f | %s | %,.0f | %s | %s |%n",
        entry.getKey(),
        entry.getValue().bytes(),
        before.map(figures -> String.format(Locale.ROOT, "%,.0f", figures.bytes())).orElse(""),
        entry.getValue().steps(),
        before.map(figures -> String.format(Locale.ROOT, "%,.0f", figures.steps())).orElse(""),
        verdict(entry));
  }

  private String verdict(Map.Entry<String, Figures> entry) {
    Figures before = recorded.figures().get(entry.getKey());
    if (before == null) {
      return "**not recorded**";
    }
    List<String> grown = new ArrayList<>();
    if (entry.getValue().moreBytesThan(before)) {
      grown.add("**more heap**");
    }
    if (timeCounts && entry.getValue().moreStepsThan(before)) {
      grown.add("**more time**");
    }
    return String.join(", ", grown);
  }
}
