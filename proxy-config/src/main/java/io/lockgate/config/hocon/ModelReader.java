package io.lockgate.config.hocon;

import io.lockgate.config.model.AccessLogConfig;
import io.lockgate.config.model.AdminConfig;
import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.CidrBlock;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HttpConfig;
import io.lockgate.config.model.LimitsConfig;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.MemoryCeiling;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.RuntimeConfig;
import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TracingConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes the model of a tree that is in form, and reports what contradicts itself in it. */
final class ModelReader {
  private final Reading reading;
  private final Block root;

  ModelReader(Reading reading, Block root) {
    this.reading = reading;
    this.root = root;
  }

  /** The model; of no use where errors have been reported. */
  ProxyConfig read() {
    AdminConfig admin = admin(root.block("admin"));
    List<ListenerConfig> listeners = new ListenerReader(reading, root, admin.address()).read();
    Map<String, TlsPolicy> policies = new PolicyReader(reading, root).read();
    ErrorPageReader pages = new ErrorPageReader(reading);
    List<HostConfig> hosts = new HostReader(reading, root, policies, listeners, pages).read();
    return new ProxyConfig(
        listeners,
        policies,
        new TlsReader(reading, root, policies).read(),
        new CertificateReader(reading, root).read(),
        new UpstreamReader(reading, root, policies).read(),
        hosts,
        http(root.block("http"), pages),
        limits(root.block("limits")),
        root.block("shutdown").duration("drain-timeout"),
        admin,
        accessLog(root.block("access-log")),
        new AlertsReader(reading, root).read(),
        tracing(root.block("tracing")),
        runtime(root.block("runtime")),
        reading.origins(root));
  }

  private static TracingConfig tracing(Block block) {
    return new TracingConfig(
        block.maybe("endpoint", URI.class),
        block.percent("sample"),
        block.on("trust-client"),
        block.text("service-name"));
  }

  private AdminConfig admin(Block block) {
    BindAddress address = block.maybe("address", BindAddress.class).orElse(ListenerReader.NOWHERE);
    Optional<AdminConfig.Secret> token = block.maybeText("token").map(AdminConfig.Secret::new);
    boolean loopback = address.toSocketAddress().getAddress().isLoopbackAddress();
    if (!loopback && !block.has("token")) {
      reading.error(
          "admin-without-token",
          block.pathOf("address"),
          block.originOf("address"),
          "admin.address: " + address + " can be reached from outside, and no token is set",
          "set admin.token = ${?LOCKGATE_ADMIN_TOKEN}, or listen on 127.0.0.1");
    }
    return new AdminConfig(address, token);
  }

  private static HttpConfig http(Block block, ErrorPageReader pages) {
    Block h2 = block.block("h2");
    Block forwarded = block.block("forwarded");
    Block requestId = block.block("request-id");
    Block webSocket = block.block("websocket");
    return new HttpConfig(
        (int) block.size("max-header-bytes"),
        block.integer("max-header-count"),
        (int) block.size("max-request-line"),
        block.duration("header-timeout"),
        block.duration("idle-timeout"),
        block.duration("body-idle-timeout"),
        pages.read(block),
        new HttpConfig.Http2(
            h2.integer("max-concurrent-streams"),
            (int) h2.size("initial-window"),
            h2.duration("window"),
            h2.integer("max-resets"),
            h2.integer("max-settings"),
            h2.integer("max-pings"),
            h2.integer("max-empty-frames"),
            h2.integer("max-small-frames"),
            h2.integer("max-window-updates"),
            h2.integer("max-other-frames")),
        new HttpConfig.Forwarded(
            forwarded.list("trusted", CidrBlock.class),
            forwarded.on("x-forwarded"),
            forwarded.on("forwarded")),
        new HttpConfig.RequestId(requestId.text("header"), requestId.on("trust-client")),
        new HttpConfig.WebSocket(webSocket.on("enabled"), webSocket.duration("idle-timeout")));
  }

  private LimitsConfig limits(Block block) {
    return new LimitsConfig(
        block.integer("max-connections"),
        block.integer("max-connections-per-client"),
        block.integer("handshakes-per-second"),
        block.integer("max-concurrent-handshakes"),
        block.maybe("memory", MemoryCeiling.class).orElseGet(() -> new MemoryCeiling.Share(70)),
        block.maybeBlock("requests").map(limit -> RequestLimits.read(reading, limit)));
  }

  private AccessLogConfig accessLog(Block block) {
    Optional<Path> path = Optional.empty();
    if (!block.maybe("path", Path.class).equals(Optional.of(Path.of("-")))) {
      path = block.maybeFile("path", reading);
    }
    path.ifPresent(file -> checkLogFile(block, file));
    return new AccessLogConfig(
        path,
        AccessLogConfig.Format.valueOf(block.text("format").toUpperCase(Locale.ROOT)),
        block.percent("sample"));
  }

  private void checkLogFile(Block block, Path file) {
    if (Files.isDirectory(file)) {
      reading.error(
          "not-a-file",
          block.pathOf("path"),
          block.originOf("path"),
          "access-log.path: " + file + " is a directory",
          "");
    } else if (!Files.isDirectory(file.getParent())) {
      reading.error(
          "missing-directory",
          block.pathOf("path"),
          block.originOf("path"),
          "access-log.path: the directory " + file.getParent() + " does not exist",
          "");
    }
  }

  private static RuntimeConfig runtime(Block block) {
    return new RuntimeConfig(
        RuntimeConfig.Transport.valueOf(block.text("transport").toUpperCase(Locale.ROOT)),
        block.integer("event-loops"),
        block.on("watch"),
        block.on("warm-up"));
  }
}
