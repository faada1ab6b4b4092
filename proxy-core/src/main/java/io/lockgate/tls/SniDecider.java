package io.lockgate.tls;

import io.lockgate.pki.Identity;
import io.lockgate.tls.ClientHello.NameKind;
import io.lockgate.tls.FailureClassifier.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * Decides by server name: the host that covers it, the identity that the client can verify, the
 * context of both. Immutable; one per listener and snapshot, used by all event loops.
 */
public final class SniDecider<H extends TlsHost> implements TlsDecider {

  /** The label of hosts that are not ours, so that strangers cannot make up labels. */
  public static final String OTHER = "other";

  private final SniTable<H> hosts;
  private final Optional<SniMatch<H>> unknownHost;
  private final Optional<SniMatch<H>> missingSni;
  private final HostIdentities<? super H> identities;
  private final ContextCache contexts;
  private final Staples staples;

  /**
   * @param unknownHost serves names that no host covers; empty refuses them
   * @param missingSni serves clients that name no host; empty refuses them
   * @param identities which of them a host is served with
   * @param staples of the identities of the hosts
   */
  public SniDecider(
      SniTable<H> hosts,
      Optional<H> unknownHost,
      Optional<H> missingSni,
      HostIdentities<? super H> identities,
      ContextCache contexts,
      Staples staples) {
    this.hosts = hosts;
    this.unknownHost = unknownHost.map(SniDecider::fallback);
    this.missingSni = missingSni.map(SniDecider::fallback);
    this.identities = identities;
    this.contexts = contexts;
    this.staples = staples;
  }

  @Override
  public TlsDecision decide(ClientHello hello) {
    Optional<SniMatch<H>> match = match(hello);
    return match.isPresent() ? serve(hello, match.get()) : unknown(hello);
  }

  private Optional<SniMatch<H>> match(ClientHello hello) {
    Optional<SniMatch<H>> named =
        hello.serverName().isEmpty() ? Optional.empty() : hosts.match(hello.serverName());
    if (named.isPresent()) {
      return named;
    }
    return switch (hello.nameKind()) {
      case HOST -> unknownHost;
      // An address is no name (RFC 6066 section 3): the same as none.
      case ABSENT, IP_LITERAL -> missingSni;
      case INVALID -> Optional.empty();
    };
  }

  private TlsDecision serve(ClientHello hello, SniMatch<H> match) {
    H host = match.value();
    if (host.passthrough()) {
      return passThrough(hello, match);
    }
    TlsTerms terms = host.terms();
    Optional<Verdict> bound = FailureClassifier.precheck(hello, terms);
    if (bound.isPresent()) {
      return new TlsDecision.Refuse(bound.get().failure(), host.label(), bound.get().detail());
    }
    List<Identity> able = identities.of(host, hello.serverName());
    Optional<Identity> identity = IdentityChoice.choose(hello, terms.policy(), able);
    if (identity.isEmpty()) {
      return new TlsDecision.Refuse(
          able.isEmpty() ? HandshakeFailure.UNKNOWN_HOST : HandshakeFailure.CIPHER_MISMATCH,
          host.label(),
          able.isEmpty()
              ? "No certificate covers the name."
              : IdentityChoice.refusal(hello, terms.policy(), able));
    }
    Staple staple = staples.of(identity.get());
    return staple.servable()
        ? new TlsDecision.Serve(contexts.get(identity.get(), terms), host.label(), match, staple)
        : serveAnother(hello, match, able);
  }

  private TlsDecision passThrough(ClientHello hello, SniMatch<H> match) {
    List<String> wanted = match.value().terms().alpn();
    String label = match.value().label();
    return wanted.isEmpty() || wanted.stream().anyMatch(hello.alpn()::contains)
        ? new TlsDecision.PassThrough(label, match)
        : new TlsDecision.Refuse(
            HandshakeFailure.NO_APPLICATION_PROTOCOL,
            label,
            "The client offers none of the protocols that are passed on: "
                + String.join(", ", wanted)
                + ".");
  }

  /** The preferred identity lacks the OCSP response that it must not be served without. */
  private TlsDecision serveAnother(
      ClientHello hello, SniMatch<H> match, List<Identity> identities) {
    H host = match.value();
    List<Identity> servable =
        identities.stream().filter(identity -> staples.of(identity).servable()).toList();
    Optional<Identity> other = IdentityChoice.choose(hello, host.terms().policy(), servable);
    if (other.isPresent()) {
      return new TlsDecision.Serve(
          contexts.get(other.get(), host.terms()), host.label(), match, staples.of(other.get()));
    }
    return new TlsDecision.Refuse(
        HandshakeFailure.STAPLE_MISSING,
        host.label(),
        "The certificate must be served with an OCSP response, and there is no valid one.");
  }

  private static TlsDecision unknown(ClientHello hello) {
    return new TlsDecision.Refuse(
        HandshakeFailure.UNKNOWN_HOST,
        OTHER,
        hello.nameKind() == NameKind.HOST
            ? "No host covers " + hello.serverName() + "."
            : hello.nameKind() == NameKind.INVALID
                ? "The server name is no host name."
                : "The client names no host.");
  }

  private static <H extends TlsHost> SniMatch<H> fallback(H host) {
    return new SniMatch<>(host, host.label(), SniMatch.Kind.FALLBACK);
  }
}
