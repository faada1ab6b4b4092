package io.lockgate.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A real web server as origin: one nginx process in the foreground, so that killing it leaves no
 * worker behind. Serves the files below {@link #root} with keep-alive.
 */
public final class NginxOrigin implements AutoCloseable {
  private static final FreePorts PORTS = new FreePorts();

  private final Path directory;
  private final int port;
  private final int tlsPort;
  private final List<Integer> tlsPorts = new ArrayList<>();
  private String moreServers = "";
  private Command.Running process;

  private NginxOrigin(Path directory) {
    this.directory = directory;
    this.port = PORTS.next();
    this.tlsPort = PORTS.next();
  }

  /** Starts below {@code directory}, which it makes; in clear only. */
  public static NginxOrigin start(Path directory) throws IOException {
    return new NginxOrigin(directory).serve("");
  }

  /** As above, and with TLS and HTTP/2 by {@code NAME.pem} and {@code NAME.key}. */
  public static NginxOrigin startWithTls(Path directory, String name) throws IOException {
    NginxOrigin origin = new NginxOrigin(directory);
    return origin.serve(
        "listen 127.0.0.1:%d ssl http2; ssl_certificate %s.pem; ssl_certificate_key %s.key;"
            .formatted(origin.tlsPort, name, name));
  }

  /**
   * As above, with a server of its own for each of {@code configurations}, such as {@code
   * ssl_certificate a.pem;}, and HTTP/1.1 alone. The first listens on {@link #tlsPort}, the others
   * on ports of their own.
   */
  public static NginxOrigin startWithTlsServers(Path directory, String... configurations)
      throws IOException {
    NginxOrigin origin = new NginxOrigin(directory);
    StringBuilder servers = new StringBuilder();
    for (String configuration : configurations) {
      int port = origin.tlsPorts.isEmpty() ? origin.tlsPort : PORTS.next();
      origin.tlsPorts.add(port);
      servers.append(
          "server { listen 127.0.0.1:%d ssl; root root; %s }%n".formatted(port, configuration));
    }
    origin.moreServers = servers.toString();
    return origin.serve("");
  }

  /** The port of one of several servers, in the order in which they were given. */
  public int tlsPort(int index) {
    return tlsPorts.get(index);
  }

  private NginxOrigin serve(String tls) throws IOException {
    Files.createDirectories(root());
    Files.writeString(root().resolve("small"), "ok");
    Files.writeString(directory.resolve("nginx.conf"), config(tls));
    run();
    return this;
  }

  /** Starts again after {@link #kill}. */
  public void run() {
    process =
        Command.of("nginx", "-p", directory.toString(), "-c", "nginx.conf", "-e", "stderr")
            .atMost(Duration.ofMinutes(10))
            .start();
    Patience.until(
        "nginx listens on " + port,
        () -> {
          RawClient.connect(port).close();
          return true;
        });
  }

  /** Files served. */
  public Path root() {
    return directory.resolve("root");
  }

  public int port() {
    return port;
  }

  public int tlsPort() {
    return tlsPort;
  }

  /** As written in {@code servers}. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Ends the process at once, as {@code kill -9} does. */
  public void kill() {
    process.signal("KILL");
    process.result();
  }

  /** Sends a signal: {@code STOP} has it stand still, {@code CONT} go on. */
  public void signal(String name) {
    process.signal(name);
  }

  private String config(String tls) {
    return """
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log stderr warn;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          client_max_body_size 0;
          keepalive_requests 1000000;
          types { text/html html; text/css css; text/javascript js; image/svg+xml svg; }
          default_type application/octet-stream;
          server {
            listen 127.0.0.1:%d backlog=4096;
            %s
            root root;
            location /moved { return 302 /small; }
          }
          %s
        }
        """
        .formatted(port, tls, moreServers);
  }

  @Override
  public void close() {
    process.close();
  }
}
