package io.lockgate.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A real HAProxy that takes a PROXY header on every connection and closes those that have none: one
 * port in clear and one that expects TLS behind the header. It answers every request with what the
 * header said.
 */
public final class HaproxyOrigin implements AutoCloseable {
  private static final FreePorts PORTS = new FreePorts();

  private final int port = PORTS.next();
  private final int tlsPort = PORTS.next();
  private Command.Running process;

  private HaproxyOrigin() {}

  /** Starts with its files in {@code directory}, which it makes. */
  public static HaproxyOrigin start(Path directory, TestIdentity identity) throws IOException {
    HaproxyOrigin origin = new HaproxyOrigin();
    Files.createDirectories(directory);
    Path pair = directory.resolve("pair.pem");
    Files.writeString(pair, identity.chainPem() + identity.keyPem());
    Path file = directory.resolve("haproxy.cfg");
    Files.writeString(file, origin.config(pair));
    origin.process =
        Command.of("haproxy", "-db", "-f", file.toString()).atMost(Duration.ofMinutes(10)).start();
    for (int port : new int[] {origin.port, origin.tlsPort}) {
      Patience.until(
          "haproxy listens on " + port,
          () -> {
            RawClient.connect(port).close();
            return true;
          });
    }
    return origin;
  }

  private String config(Path pair) {
    return """
        global
          log stderr format raw local0 emerg
        defaults telling
          mode http
          timeout connect 30s
          timeout client 60s
          timeout server 60s
          http-request return status 200 content-type text/plain lf-string \
        "%%[src]:%%[src_port] to %%[dst]:%%[dst_port] for <%%[fc_pp_authority]>"
        frontend clear from telling
          bind 127.0.0.1:%d accept-proxy
        frontend secured from telling
          bind 127.0.0.1:%d accept-proxy ssl crt %s
        """
        .formatted(port, tlsPort, pair);
  }

  /** In clear, as written in {@code servers}. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** With TLS behind the header. */
  public String tlsAddress() {
    return "127.0.0.1:" + tlsPort;
  }

  @Override
  public void close() {
    process.close();
  }
}
