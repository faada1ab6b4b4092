package io.lockgate.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A real HTTP/2 server as origin: one nghttpd process that serves the files below {@link #root}. In
 * clear it speaks HTTP/2 by prior knowledge.
 */
public final class NghttpdOrigin implements AutoCloseable {
  private static final FreePorts PORTS = new FreePorts();

  private final Path root;
  private final int port;
  private final Command.Running process;

  private NghttpdOrigin(Path root, int port, Command.Running process) {
    this.root = root;
    this.port = port;
    this.process = process;
  }

  /** Serves in clear, with options such as {@code --max-concurrent-streams=8}. */
  public static NghttpdOrigin start(Path directory, String... options) throws IOException {
    int port = PORTS.next();
    List<String> line = new ArrayList<>(List.of(options));
    line.addAll(List.of("--no-tls", "" + port));
    return start(directory, port, line);
  }

  /** Serves over TLS by {@code NAME.pem} and {@code NAME.key}, as {@code h2} by ALPN. */
  public static NghttpdOrigin startWithTls(Path directory, String name, String... options)
      throws IOException {
    int port = PORTS.next();
    List<String> line = new ArrayList<>(List.of(options));
    line.add("" + port);
    line.add(directory.resolve(name + ".key").toString());
    line.add(directory.resolve(name + ".pem").toString());
    return start(directory, port, line);
  }

  private static NghttpdOrigin start(Path directory, int port, List<String> more)
      throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.writeString(root.resolve("small"), "ok");
    List<String> line =
        new ArrayList<>(List.of("--address=127.0.0.1", "--htdocs=" + root, "--workers=1"));
    line.addAll(more);
    Command.Running process =
        Command.of("nghttpd", line.toArray(String[]::new)).atMost(Duration.ofMinutes(10)).start();
    Patience.until(
        "nghttpd listens on " + port,
        () -> {
          RawClient.connect(port).close();
          return true;
        });
    return new NghttpdOrigin(root, port, process);
  }

  /** Files served. */
  public Path root() {
    return root;
  }

  /** As written in {@code servers}. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.close();
  }
}
