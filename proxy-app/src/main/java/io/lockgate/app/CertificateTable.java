package io.lockgate.app;

import io.lockgate.admin.CertificateView;
import java.util.List;

/** The inventory for people: a line a certificate, in columns as wide as needed. */
record CertificateTable(List<Row> rows) {
  private static final int NAMES_SHOWN = 3;

  /**
   * A certificate.
   *
   * @param problems what is wrong with it, in sentences
   */
  record Row(
      String name,
      String keyType,
      String notAfter,
      long daysLeft,
      List<String> names,
      List<String> problems) {

    static Row of(CertificateView view) {
      return new Row(
          view.name(),
          view.keyType(),
          view.notAfter().toString(),
          view.daysLeft(),
          view.sans(),
          view.problems());
    }
  }

  @Override
  public String toString() {
    int name = width("NAME", rows.stream().map(Row::name).toList());
    int key = width("KEY", rows.stream().map(Row::keyType).toList());
    String format = "%-" + name + "s  %-" + key + "s  %-20s  %6s  %s%n";
    StringBuilder text = new StringBuilder();
    text.append(format.formatted("NAME", "KEY", "NOT AFTER", "DAYS", "NAMES"));
    for (Row row : rows) {
      String line =
          format.formatted(
              row.name(), row.keyType(), row.notAfter(), row.daysLeft(), shown(row.names()));
      text.append(printable(line));
      row.problems().forEach(problem -> text.append(printable("  warning: " + problem + '\n')));
    }
    return text.toString();
  }

  private static int width(String title, List<String> values) {
    return Math.max(title.length(), values.stream().mapToInt(String::length).max().orElse(0));
  }

  private static String shown(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())));
    return names.size() > NAMES_SHOWN
        ? first + " and " + (names.size() - NAMES_SHOWN) + " more"
        : first;
  }

  /** A certificate may hold any text; none of it shall steer the terminal. */
  private static String printable(String line) {
    StringBuilder safe = new StringBuilder(line.length());
    line.chars().forEach(c -> safe.append(c != '\n' && Character.isISOControl(c) ? '?' : (char) c));
    return safe.toString();
  }
}
