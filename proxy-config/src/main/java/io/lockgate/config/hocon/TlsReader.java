package io.lockgate.config.hocon;

import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.TlsConfig;
import io.lockgate.config.model.TlsConfig.NameFallback;
import io.lockgate.config.model.TlsPolicy;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code tls}. */
final class TlsReader {
  private final Reading reading;
  private final Block root;
  private final Block block;
  private final Map<String, TlsPolicy> policies;

  TlsReader(Reading reading, Block root, Map<String, TlsPolicy> policies) {
    this.reading = reading;
    this.root = root;
    this.block = root.block("tls");
    this.policies = policies;
  }

  TlsConfig read() {
    Block cache = block.block("session-cache");
    if (!policies.containsKey(block.text("policy"))) {
      PolicyReader.checkPolicy(
          reading,
          block,
          "policy",
          "hosts have by default the TLS policy",
          root.blocks("tls-policies"));
    }
    return new TlsConfig(
        block.text("policy"),
        block.duration("handshake-timeout"),
        tickets(block.block("tickets")),
        new TlsConfig.SessionCache(cache.integer("size"), cache.duration("lifetime")),
        ocsp(block.block("ocsp")),
        block.on("certificate-compression"),
        block.on("system-openssl"),
        fallback("unknown-host"),
        fallback("missing-sni"),
        block.block("contexts").integer("max-cached"));
  }

  private TlsConfig.Tickets tickets(Block tickets) {
    return new TlsConfig.Tickets(
        tickets.on("enabled"),
        tickets.duration("rotate-every"),
        tickets.integer("accept-previous"),
        keys(tickets));
  }

  private TlsConfig.KeySource keys(Block tickets) {
    Optional<Block> seed = tickets.maybeBlock("keys-seed");
    if (seed.isPresent() && tickets.has("keys-directory")) {
      reading.error(
          "conflicting-keys",
          seed.get(),
          "tls.tickets: keys come from keys-directory or from keys-seed, not from both",
          "take one of the two out");
    }
    if (seed.isPresent()) {
      return seed(seed.get());
    }
    return tickets
        .maybeFile("keys-directory", reading)
        .<TlsConfig.KeySource>map(TlsConfig.KeySource.Directory::new)
        .orElseGet(TlsConfig.KeySource.Memory::new);
  }

  private TlsConfig.KeySource seed(Block seed) {
    if (seed.has("file") == seed.has("env")) {
      reading.error(
          seed.has("file") ? "ambiguous-source" : "missing-source",
          seed,
          "tls.tickets.keys-seed is to be read from one place, "
              + (seed.has("file") ? "and two are given" : "and none is given"),
          "give file or env");
    }
    return seed.maybeFile("file", reading)
        .<TlsConfig.KeySource>map(TlsConfig.KeySource.SeedFile::new)
        .or(() -> seed.maybeText("env").map(TlsConfig.KeySource.SeedVariable::new))
        .orElseGet(TlsConfig.KeySource.Memory::new);
  }

  private TlsConfig.Ocsp ocsp(Block ocsp) {
    return new TlsConfig.Ocsp(
        stapleMode(ocsp.text("staple")),
        (int) ocsp.percent("refresh-at"),
        ocsp.file("cache-directory", reading),
        ocsp.duration("timeout"));
  }

  static TlsConfig.StapleMode stapleMode(String text) {
    return TlsConfig.StapleMode.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private NameFallback fallback(String key) {
    String text = block.text(key);
    if (text.equals("reject")) {
      return NameFallback.REJECT;
    }
    Map<String, Block> hosts = new HashMap<>();
    root.blocks("hosts").forEach((name, host) -> hosts.put(normal(name), host));
    String sentence =
        (key.equals("missing-sni") ? "clients without SNI" : "clients that ask for unknown hosts")
            + " are to get host";
    if (!hosts.containsKey(normal(text))) {
      reading.checkReference("unknown-host", block.node(key), text, sentence, root.blocks("hosts"));
    }
    return new NameFallback(Optional.of(normal(text)));
  }

  private static String normal(String name) {
    return NetworkTypes.parseHost(name) instanceof Parsed.Good good
        ? ((HostPattern) good.value()).toString()
        : name;
  }
}
