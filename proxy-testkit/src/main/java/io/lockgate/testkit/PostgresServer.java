package io.lockgate.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real PostgreSQL on a loopback port, which lets everybody in as anybody, in clear and by TLS.
 * PostgreSQL does not run as root: where the tests do, it runs as the user {@code postgres}. Its
 * directory is one of its own, since those of JUnit can be entered by their owner only.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Path PACKAGES = Path.of("/usr/lib/postgresql");
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final FreePorts PORTS = new FreePorts();

  private final Path directory;
  private final int port;
  private final Command.Running process;

  private PostgresServer(Path directory, int port, Command.Running process) {
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  /** Makes a database cluster and serves it, with this certificate for TLS. */
  public static PostgresServer start(TestIdentity identity) throws IOException {
    Path directory = Files.createTempDirectory("postgres");
    Path data = directory.resolve("data");
    identity.writeTo(directory, "server");
    boolean root = Files.getOwner(directory).getName().equals("root");
    if (root) {
      Command.of("chown", "-R", "postgres", directory.toString()).run().expectSuccess();
    }
    Command.of("chmod", "600", directory.resolve("server.key").toString()).run().expectSuccess();
    command(root, "initdb", "--no-sync", "--no-locale", "-E", "UTF8", "-A", "trust")
        .with("-U", "postgres", "-D", data.toString())
        .atMost(LONG)
        .run()
        .expectSuccess();
    int port = PORTS.next();
    Command.Running process =
        command(root, "postgres", "-D", data.toString(), "-k", directory.toString(), "-F")
            .with("-c", "listen_addresses=127.0.0.1", "-c", "port=" + port, "-c", "ssl=on")
            .with("-c", "ssl_cert_file=" + directory.resolve("server.pem"))
            .with("-c", "ssl_key_file=" + directory.resolve("server.key"))
            .atMost(LONG)
            .start();
    PostgresServer server = new PostgresServer(directory, port, process);
    Patience.until("PostgreSQL answers on " + port, server::answers);
    return server;
  }

  private static Command command(boolean root, String program, String... arguments)
      throws IOException {
    List<String> line = new ArrayList<>();
    if (root) {
      line.addAll(List.of("--reuid=postgres", "--regid=postgres", "--clear-groups"));
      line.add(binary(program).toString());
    }
    line.addAll(List.of(arguments));
    return Command.of(root ? "setpriv" : binary(program).toString(), line.toArray(String[]::new));
  }

  /** Debian has the server's programs in a directory for each version. */
  private static Path binary(String program) throws IOException {
    if (!Files.isDirectory(PACKAGES)) {
      throw new AssertionError(program + " is missing; install it: apt-get install postgresql");
    }
    try (Stream<Path> versions = Files.list(PACKAGES)) {
      return versions
          .map(version -> version.resolve("bin").resolve(program))
          .filter(Files::isExecutable)
          .max(Comparator.comparingInt(file -> version(file)))
          .orElseThrow(() -> new AssertionError("no " + program + " below " + PACKAGES));
    }
  }

  private static int version(Path program) {
    return Integer.parseInt(program.getParent().getParent().getFileName().toString());
  }

  private boolean answers() {
    if (!process.alive()) {
      throw new AssertionError(process.result().toString());
    }
    String[] line = {"-h", "127.0.0.1", "-p", Integer.toString(port), "-U", "postgres"};
    return Command.of("pg_isready", line).run().exit() == 0;
  }

  /** As written in {@code servers}. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Ends it without waiting for its clients. */
  @Override
  public void close() throws IOException {
    process.signal("INT");
    process.result();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
