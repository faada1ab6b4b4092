package io.lockgate.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** A whole proxy in the test's own process, and the file that it was configured by. */
final class ProxyOnLoopback implements AutoCloseable {
  private final Path file;
  private final Proxy proxy;

  private ProxyOnLoopback(Path file, Proxy proxy) {
    this.file = file;
    this.proxy = proxy;
  }

  /**
   * Writes the configuration and starts with it.
   *
   * @param directory what the configuration names relatively is there already
   */
  static ProxyOnLoopback start(Path directory, String config) throws IOException, StartException {
    Path file = directory.resolve("lockgate.conf");
    Files.writeString(file, config);
    return new ProxyOnLoopback(
        file, Proxy.start(new ProxySetup(file, Map.of(), Clock.systemUTC(), "test")));
  }

  /** Writes another configuration, for a reload. */
  void configure(String config) throws IOException {
    Files.writeString(file, config);
  }

  Proxy proxy() {
    return proxy;
  }

  int port(String listener) {
    String address =
        proxy.listeners().stream()
            .filter(view -> view.name().equals(listener))
            .findFirst()
            .orElseThrow()
            .address();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  @Override
  public void close() {
    proxy.close();
  }
}
