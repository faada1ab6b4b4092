package io.lockgate.app;

import io.lockgate.admin.CertificateView;
import java.util.List;

/** The inventory of files for machines: the document that the admin endpoint gives, too. */
final class CertificateJson {
  private CertificateJson() {}

  static JsonText of(List<CertificateView> certificates) {
    JsonText json = new JsonText().beginObject().name("certificates").beginArray();
    certificates.forEach(view -> append(json, view));
    return json.endArray().endObject();
  }

  private static void append(JsonText json, CertificateView view) {
    json.beginObject().field("name", view.name()).field("owner", view.owner());
    json.field("subject", view.subject());
    append(json, "sans", view.sans());
    json.field("issuer", view.issuer()).field("serial", view.serial());
    json.field("key_type", view.keyType());
    json.field("not_before", view.notBefore().toString());
    json.field("not_after", view.notAfter().toString());
    json.field("days_left", view.daysLeft()).field("chain_complete", view.chainComplete());
    json.field("staple", view.staple());
    append(json, "hosts", view.hosts());
    append(json, "problems", view.problems());
    json.endObject();
  }

  private static void append(JsonText json, String name, List<String> values) {
    json.name(name).beginArray();
    values.forEach(json::value);
    json.endArray();
  }
}
