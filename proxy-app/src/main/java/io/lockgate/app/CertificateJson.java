package io.lockgate.app;

import io.lockgate.pki.CertificateFacts;
import io.lockgate.pki.Finding;
import java.util.List;
import java.util.Locale;

/** The inventory of files for machines, in the names that the admin endpoint uses too. */
final class CertificateJson {
  private CertificateJson() {}

  static JsonText of(List<CertificateFacts> certificates) {
    JsonText json = new JsonText().beginObject().name("certificates").beginArray();
    certificates.forEach(facts -> append(json, facts));
    return json.endArray().endObject();
  }

  private static void append(JsonText json, CertificateFacts facts) {
    json.beginObject().field("name", facts.name());
    facts.owner().ifPresent(owner -> json.field("owner", owner));
    json.field("source", facts.source()).field("subject", facts.subject());
    json.name("names").beginArray();
    facts.names().forEach(json::value);
    json.endArray().field("issuer", facts.issuer()).field("serial", facts.serial());
    json.field("key_type", facts.keyType());
    json.field("not_before", facts.notBefore().toString());
    json.field("not_after", facts.notAfter().toString());
    json.field("days_left", facts.daysLeft()).field("chain_complete", facts.chainComplete());
    json.name("findings").beginArray();
    facts.findings().forEach(finding -> append(json, finding));
    json.endArray().endObject();
  }

  private static void append(JsonText json, Finding finding) {
    json.beginObject().field("code", finding.code());
    json.field("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    json.field("message", finding.message());
    finding.hint().ifPresent(hint -> json.field("hint", hint));
    json.endObject();
  }
}
