package io.lockgate.explain;

import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.TlsPolicy;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.Offer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says what would let a client in, or that nothing here would. One reason, one sentence, one key.
 * Pure; for people, so not on event loops.
 */
final class HandshakeAdviser {
  /** What a policy can be told to accept, beyond what it does. */
  private static final Set<String> KNOWN_GROUPS =
      Set.of("X25519MLKEM768", "X25519", "P-256", "P-384", "P-521");

  private final ProxyConfig config;

  HandshakeAdviser(ProxyConfig config) {
    this.config = config;
  }

  /**
   * @param host as configured now; empty where the client named none of ours
   */
  Advice of(FailedHandshake failed, Optional<Offer> offer, Optional<HostConfig> host) {
    Optional<TlsPolicy> policy = host.map(h -> config.policies().get(h.tlsPolicy()));
    return switch (failed.failure()) {
      case PROTOCOL_VERSION -> version(offer, host, policy);
      case CIPHER_MISMATCH -> cipher(offer, host, policy);
      case NO_SHARED_GROUP -> group(offer, host, policy);
      case UNKNOWN_HOST -> unknownHost(failed);
      case NO_APPLICATION_PROTOCOL ->
          new Advice(
              "the client offers %s only; a listener speaks what its protocols list"
                  .formatted(offer.map(o -> String.join(", ", o.alpn())).orElse("others")),
              "listeners." + failed.listener() + ".protocols");
      case CLIENT_CERTIFICATE_MISSING ->
          clientAuth(host, "mode", "the client has to present a certificate");
      case CLIENT_CERTIFICATE_UNTRUSTED ->
          clientAuth(host, "trust", "none of the trusted authorities has issued its certificate");
      case CLIENT_CERTIFICATE_NOT_ALLOWED ->
          clientAuth(host, "allow", "no rule allows the names in its certificate");
      case CLIENT_CERTIFICATE_REVOKED ->
          clientAuth(host, "crl", "its certificate was revoked: it needs another");
      case CLIENT_CERTIFICATE_EXPIRED,
          CLIENT_CERTIFICATE_NOT_YET_VALID,
          CLIENT_CERTIFICATE_WRONG_PURPOSE ->
          clientAuth(host, "", "the client needs another certificate");
      case CLIENT_REJECTED_CERTIFICATE ->
          new Advice(
              "the client does not accept our certificate: lockgate check shows whether the chain"
                  + " is whole; otherwise the client does not know its root",
              "certificates");
      case NOT_TLS -> Advice.of("the client does not speak TLS; http:// has a listener of its own");
      case TIMEOUT ->
          new Advice(
              "the client or its network is slow, or it wants nothing", "tls.handshake-timeout");
      case RATE_LIMITED -> new Advice("a limit was reached", "limits.handshakes-per-second");
      case STAPLE_MISSING ->
          new Advice("the responder does not answer: see /certificates", "tls.ocsp.staple");
      case MALFORMED -> Advice.of("the client breaks the rules of TLS");
      case CLIENT_CLOSED -> Advice.of("the client left; what it did not like it did not say");
      case INTERNAL -> Advice.of("the proxy failed: see the daemon's log");
      case OTHER -> Advice.NONE;
    };
  }

  private Advice version(
      Optional<Offer> offer, Optional<HostConfig> host, Optional<TlsPolicy> policy) {
    List<String> versions = offer.map(Offer::versions).orElse(List.of());
    if (versions.isEmpty() || policy.isEmpty()) {
      return Advice.of("the client is too old for TLS 1.2");
    }
    String offered = String.join(", ", versions);
    if (versions.contains("1.3")) {
      return advice(
          host,
          policy,
          "max-version",
          "client offers TLS %s only; policy %s ends at %s"
              .formatted(offered, policy.get().name(), policy.get().maxVersion().text()));
    }
    String needs =
        "client offers TLS %s only; policy %s needs %s"
            .formatted(versions.get(0), policy.get().name(), policy.get().minVersion().text());
    return versions.contains("1.2")
        ? advice(host, policy, "min-version", needs)
        : advice(host, policy, "min-version", needs + ", and there is nothing below 1.2 here");
  }

  private Advice cipher(
      Optional<Offer> offer, Optional<HostConfig> host, Optional<TlsPolicy> policy) {
    if (offer.isEmpty() || policy.isEmpty()) {
      return Advice.NONE;
    }
    List<String> ciphers = offer.get().ciphers();
    boolean shared =
        ciphers.stream()
            .anyMatch(
                name -> policy.get().ciphers12().contains(name) || name.startsWith("TLS_AES"));
    if (shared) {
      return new Advice(
          "a cipher suite is shared, but no certificate that the client can verify: one with"
              + " another kind of key beside it (RSA, ECDSA) would serve it",
          "certificates");
    }
    Optional<String> known = ciphers.stream().filter(name -> name.startsWith("TLS_")).findFirst();
    return advice(
        host,
        policy,
        "ciphers-1-2",
        known
            .map(
                name ->
                    "policy %s has none of the client's cipher suites; %s would do"
                        .formatted(policy.get().name(), name))
            .orElse("the client knows only cipher suites that are not to be had here"));
  }

  private Advice group(
      Optional<Offer> offer, Optional<HostConfig> host, Optional<TlsPolicy> policy) {
    if (offer.isEmpty() || policy.isEmpty()) {
      return Advice.NONE;
    }
    Optional<String> known =
        offer.get().groups().stream().filter(KNOWN_GROUPS::contains).findFirst();
    return advice(
        host,
        policy,
        "groups",
        known
            .map(
                name ->
                    "policy %s has none of the client's groups; %s would do"
                        .formatted(policy.get().name(), name))
            .orElse("the client knows only groups that are not to be had here"));
  }

  private static Advice unknownHost(FailedHandshake failed) {
    boolean named = failed.hello().map(hello -> !hello.serverName().isEmpty()).orElse(false);
    return named
        ? new Advice("no host covers the name; tls.unknown-host can name one", "tls.unknown-host")
        : new Advice(
            "the client sends no server name; tls.missing-sni can name a host", "tls.missing-sni");
  }

  private static Advice clientAuth(Optional<HostConfig> host, String key, String hint) {
    String block = host.map(h -> HandshakeExplainer.path(h) + ".client-auth").orElse("");
    return new Advice(hint, block.isEmpty() || key.isEmpty() ? block : block + "." + key);
  }

  /** A policy that comes with Lockgate cannot be changed: then it is which one that matters. */
  private Advice advice(
      Optional<HostConfig> host, Optional<TlsPolicy> policy, String key, String hint) {
    String name = policy.map(TlsPolicy::name).orElse("");
    String block = "tls-policies." + name;
    if (config.origins().of(block).filter(origin -> origin.line() > 0).isPresent()) {
      return new Advice(hint, block + "." + key);
    }
    String ofHost = host.map(h -> HandshakeExplainer.path(h) + ".tls-policy").orElse("");
    return new Advice(
        hint, config.origins().of(ofHost).isPresent() || host.isEmpty() ? ofHost : "tls.policy");
  }
}
