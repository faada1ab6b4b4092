package io.lockgate.app;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Clients with certificates, and an authority that issues them. */
final class Clients {
  private final Site site;
  private final TestCa ca;

  Clients(Site site, String authority) {
    this.site = site;
    this.ca = TestCa.root(authority, TestKey.EC_P256);
  }

  TestCa ca() {
    return ca;
  }

  TestIdentity issue(String... names) {
    return ca.leaf(names).forClient().issue();
  }

  /** Writes what {@link #sClient} and {@link #curl} take. */
  Path write(String name, TestIdentity identity) {
    return identity.writeTo(site.directory(), name);
  }

  /**
   * {@code openssl s_client} that sends one request, with the certificate of that name, or none
   * where it is empty; ends with the connection.
   */
  Command.Result sClient(LockgateProcess proxy, String host, String name, String... more) {
    List<String> line = new ArrayList<>(List.of("-servername", host, "-ign_eof"));
    if (!name.isEmpty()) {
      line.addAll(
          List.of(
              "-cert",
              file(name, ".pem"),
              "-cert_chain",
              file(name, ".pem"),
              "-key",
              file(name, ".key")));
    }
    line.addAll(List.of(more));
    String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    return site.sClient(proxy, line.toArray(String[]::new))
        .input(
            out -> {
              out.write(request.getBytes(StandardCharsets.US_ASCII));
              out.flush();
            })
        .run();
  }

  /** {@code curl} with the certificate of that name. */
  Command curl(LockgateProcess proxy, String name, String... more) {
    List<String> line =
        new ArrayList<>(List.of("--cert", file(name, ".pem"), "--key", file(name, ".key")));
    line.addAll(List.of(more));
    return site.curl(proxy, line.toArray(String[]::new));
  }

  private String file(String name, String suffix) {
    return site.directory().resolve(name + suffix).toString();
  }
}
