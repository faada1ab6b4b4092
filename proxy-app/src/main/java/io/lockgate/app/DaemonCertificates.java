package io.lockgate.app;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what a running daemon says of its certificates. */
final class DaemonCertificates {
  private DaemonCertificates() {}

  static List<CertificateTable.Row> rows(String answer) {
    List<CertificateTable.Row> rows = new ArrayList<>();
    JsonMapper.shared().readTree(answer).path("certificates").forEach(node -> rows.add(row(node)));
    return rows;
  }

  private static CertificateTable.Row row(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.path("sans").forEach(name -> names.add(name.asString("")));
    List<String> problems = new ArrayList<>();
    node.path("problems").forEach(problem -> problems.add(problem.asString("")));
    return new CertificateTable.Row(
        node.path("name").asString(""),
        node.path("key_type").asString(""),
        node.path("not_after").asString(""),
        node.path("days_left").asLong(0),
        names,
        problems);
  }
}
