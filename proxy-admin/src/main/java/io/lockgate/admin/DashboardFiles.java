package io.lockgate.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The page, its styles and scripts, out of the jar. They are the same wherever Lockgate runs and
 * tell nothing of this process, so whoever can connect may have them. Safe for several threads.
 */
final class DashboardFiles {
  /** Where all but the page itself are. */
  static final String DIRECTORY = "/dashboard/";

  private static final String PAGE = "index.html";
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/%s/dist/%s";

  /**
   * Scripts and styles from here only, none within the page, and no text ever becomes markup: what
   * clients sent can be shown, and cannot do anything.
   */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private static final List<String> OWN =
      List.of(
          "style.css",
          "tables.css",
          "icon.svg",
          "main.js",
          "link.js",
          "elements.js",
          "words.js",
          "charts.js",
          "overview.js",
          "oncall.js",
          "debug.js",
          "orders.js");

  private static final List<String> OF_CHARTS = List.of("uPlot.iife.min.js", "uPlot.min.css");

  private final Map<String, File> read = new ConcurrentHashMap<>();

  /** Whether there may be such a file; what is no file of ours is not found. */
  static boolean holds(String path) {
    return path.startsWith(DIRECTORY);
  }

  /** Empty where there is no such file. */
  Optional<AdminResponse> find(AdminRequest request) {
    String name = request.path().substring(DIRECTORY.length());
    if (OWN.contains(name) || OF_CHARTS.contains(name)) {
      return Optional.of(answer(200, name, request.field("if-none-match")));
    }
    return Optional.empty();
  }

  /** The page; with 401 where its questions will need the token. */
  AdminResponse page(int status, AdminRequest request) {
    return answer(status, PAGE, status == 200 ? request.field("if-none-match") : "");
  }

  private AdminResponse answer(int status, String name, String known) {
    File file = read.computeIfAbsent(name, DashboardFiles::read);
    Map<String, String> fields =
        Map.of(
            "ETag",
            file.tag(),
            // A browser keeps it and asks each time whether it still is what it was.
            "Cache-Control",
            status == 200 ? "private, no-cache" : "no-store",
            "Content-Security-Policy",
            POLICY,
            "Referrer-Policy",
            "no-referrer");
    return known.contains(file.tag())
        ? new AdminResponse(304, file.type(), new byte[0], fields)
        : new AdminResponse(status, file.type(), file.bytes(), fields);
  }

  private static File read(String name) {
    String path =
        OF_CHARTS.contains(name)
            ? CHARTS.formatted(versionOfCharts(), name)
            : "/io/lockgate/admin/dashboard/" + name;
    byte[] bytes = resource(path);
    return new File(bytes, TYPES.get(name.substring(name.lastIndexOf('.') + 1)), tag(bytes));
  }

  private static String versionOfCharts() {
    try (InputStream in =
        DashboardFiles.class.getResourceAsStream(
            "/META-INF/maven/org.webjars.npm/uplot/pom.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("the chart library cannot be read", e);
    }
  }

  private static byte[] resource(String path) {
    try (InputStream in = DashboardFiles.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("not in the distribution: " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read", e);
    }
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }

  /** All the files of the page, as the browser asks for them. */
  static List<String> paths() {
    return java.util.stream.Stream.concat(OWN.stream(), OF_CHARTS.stream())
        .map(name -> DIRECTORY + name)
        .toList();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record File(byte[] bytes, String type, String tag) {}
}
