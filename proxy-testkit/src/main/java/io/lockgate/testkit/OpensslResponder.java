package io.lockgate.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * A real OCSP responder: {@code openssl ocsp} over an index file, on loopback. Signs by a delegate
 * of the authority. It answers one question at a time.
 */
public final class OpensslResponder implements AutoCloseable {
  private static final FreePorts PORTS = new FreePorts();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Path directory;
  private final int port = PORTS.next();
  private String life = "-nmin";
  private int lifeUnits = 60;
  private Command.Running process;

  private OpensslResponder(Path directory) {
    this.directory = directory;
  }

  /** Prepares a responder of an authority, with its files in {@code directory}, which it makes. */
  public static OpensslResponder of(TestCa authority, Path directory) throws IOException {
    Files.createDirectories(directory);
    TestPem.write(
        directory.resolve("ca.pem"), TestPem.certificates(List.of(authority.certificate())));
    authority.leaf().commonName("Responder").forOcsp().issue().writeTo(directory, "responder");
    Files.writeString(directory.resolve("index.txt"), "");
    return new OpensslResponder(directory);
  }

  /** To be written into certificates, before it runs. */
  public String address() {
    return "http://127.0.0.1:" + port + "/";
  }

  /** How long its responses last. */
  public OpensslResponder lasting(Duration time) {
    life = "-nmin";
    lifeUnits = Math.toIntExact(time.toMinutes());
    return this;
  }

  /** Knows the certificate from the next start on. */
  public OpensslResponder good(X509Certificate leaf) throws IOException {
    return index(leaf, "V", "");
  }

  /** Says from the next start on that the certificate was revoked. */
  public OpensslResponder revoked(X509Certificate leaf) throws IOException {
    Files.writeString(directory.resolve("index.txt"), "");
    return index(leaf, "R", TIME.format(Instant.now().minusSeconds(60)));
  }

  private OpensslResponder index(X509Certificate leaf, String state, String revokedAt)
      throws IOException {
    Files.writeString(
        directory.resolve("index.txt"),
        String.join(
                "\t",
                state,
                TIME.format(leaf.getNotAfter().toInstant()),
                revokedAt,
                hex(leaf),
                "unknown",
                "/CN=" + hex(leaf))
            + "\n",
        StandardOpenOption.APPEND);
    return this;
  }

  private static String hex(X509Certificate leaf) {
    String digits = leaf.getSerialNumber().toString(16).toUpperCase(java.util.Locale.ROOT);
    return digits.length() % 2 == 0 ? digits : "0" + digits;
  }

  /** Starts, also after {@link #stop}. */
  public OpensslResponder start() {
    // Line by line, so that what it says is not lost when it is killed.
    List<String> options = new ArrayList<>(List.of("-oL", "openssl"));
    options.addAll(List.of("ocsp", "-port", Integer.toString(port), "-index", file("index.txt")));
    options.addAll(List.of("-CA", file("ca.pem"), "-rsigner", file("responder.pem")));
    options.addAll(List.of("-rkey", file("responder.key"), life, Integer.toString(lifeUnits)));
    options.add("-text");
    process =
        Command.of("stdbuf", options.toArray(String[]::new)).atMost(Duration.ofMinutes(10)).start();
    // A connection that brings no question would have it spin for ever.
    Patience.until("openssl ocsp listens on " + port, () -> listens("tcp") || listens("tcp6"));
    return this;
  }

  private boolean listens(String family) throws IOException {
    String listening = String.format(":%04X [0-9A-F:]+ 0A ", port);
    return java.util.regex.Pattern.compile(listening)
        .matcher(Files.readString(Path.of("/proc/net", family)))
        .find();
  }

  /** Ends at once; answers how many questions about certificates it was asked meanwhile. */
  public int stop() {
    process.signal("KILL");
    String said = process.result().all();
    return said.split("OCSP Request Data", -1).length - 1;
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  @Override
  public void close() {
    process.close();
  }
}
