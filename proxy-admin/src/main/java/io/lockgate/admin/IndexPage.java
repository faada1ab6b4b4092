package io.lockgate.admin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** One page that says what runs and where to look; no script, no outside resource. */
final class IndexPage {
  private IndexPage() {}

  static AdminResponse render(Documents.State state, List<Endpoints.Endpoint> endpoints) {
    StringBuilder page = new StringBuilder(2_048);
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<title>Lockgate</title></head><body>\n<h1>Lockgate ")
        .append(escaped(state.version()))
        .append("</h1>\n<p>")
        .append(escaped(state.state()))
        .append(", generation ")
        .append(state.generation())
        .append("</p>\n<ul>\n");
    endpoints.forEach(endpoint -> page.append(item(endpoint)));
    page.append("</ul>\n</body></html>\n");
    byte[] bytes = page.toString().getBytes(StandardCharsets.UTF_8);
    return new AdminResponse(200, "text/html; charset=utf-8", bytes, Map.of());
  }

  private static String item(Endpoints.Endpoint endpoint) {
    String path = escaped(endpoint.path());
    String name =
        endpoint.reads()
            ? "GET <a href=\"" + path + "\">" + path + "</a>"
            : "POST <code>" + path + "</code>";
    return "<li>" + name + ": " + escaped(endpoint.help()) + "</li>\n";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
