package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.pki.Identity;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.ticket.TicketSource;
import io.lockgate.ticket.TicketSourceException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Policies, terms and identities for tests. */
public final class TlsFixtures {
  public static final List<String> CIPHERS =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
  public static final List<String> GROUPS = List.of("X25519MLKEM768", "X25519", "P-256", "P-384");

  public static final Set<String> SIGNATURES =
      Set.of(
          "ecdsa_secp256r1_sha256",
          "ecdsa_secp384r1_sha384",
          "ecdsa_secp521r1_sha512",
          "ed25519",
          "rsa_pss_rsae_sha256",
          "rsa_pss_rsae_sha384",
          "rsa_pss_rsae_sha512",
          "rsa_pkcs1_sha256",
          "rsa_pkcs1_sha384",
          "rsa_pkcs1_sha512");

  /** Loaded even where the processor gains nothing by it; empty where the system has none. */
  public static Optional<SystemOpenSsl> systemOpenSsl() {
    return SystemOpenSsl.loadAnyway();
  }

  public static final TlsPolicy INTERMEDIATE =
      new TlsPolicy(
          "intermediate",
          TlsVersion.TLS_1_2,
          TlsVersion.TLS_1_3,
          CIPHERS,
          GROUPS,
          SIGNATURES,
          Set.of());
  public static final TlsPolicy MODERN =
      new TlsPolicy(
          "modern",
          TlsVersion.TLS_1_3,
          TlsVersion.TLS_1_3,
          List.of(),
          GROUPS,
          SIGNATURES,
          Set.of());
  public static final TlsPolicy OLD =
      new TlsPolicy(
          "old", TlsVersion.TLS_1_2, TlsVersion.TLS_1_2, CIPHERS, GROUPS, SIGNATURES, Set.of());

  private TlsFixtures() {}

  public static TlsTerms terms(TlsPolicy policy) {
    return terms(policy, policy.name());
  }

  public static TlsTerms terms(TlsPolicy policy, String ticketDomain) {
    return new TlsTerms(
        policy, List.of("h2", "http/1.1"), ticketDomain, true, 100, Duration.ofHours(1));
  }

  public static TlsTerms withoutTickets(TlsPolicy policy, int cached) {
    return new TlsTerms(
        policy, List.of("http/1.1"), policy.name(), false, cached, Duration.ofHours(1));
  }

  /** Secrets of one process that keeps so many former ones. */
  public static TicketSource tickets(int acceptPrevious) {
    return TicketSource.random(
        new SecureRandom(), Duration.ofHours(12), acceptPrevious, Instant.EPOCH);
  }

  /** Keys that nobody changes. */
  public static TicketKeys ticketKeys() {
    try {
      return new TicketKeys(tickets(2).at(Instant.EPOCH));
    } catch (TicketSourceException e) {
      throw new AssertionError(e);
    }
  }

  public static Identity identity(TestCa ca, TestKey key, String... names) {
    TestIdentity issued = ca.leaf(names).key(key).issue();
    return Identity.of(issued.chain(), issued.key());
  }

  public static Identity ecdsa(TestCa ca, String... names) {
    return identity(ca, TestKey.EC_P256, names);
  }

  public static Identity rsa(TestCa ca, String... names) {
    return identity(ca, TestKey.RSA_2048, names);
  }

  /** What a client that asks for a response of the identity would get. */
  public static StapleResult result(Staples staples, Identity identity) {
    return staples.of(identity).result();
  }

  public static boolean servable(Staples staples, Identity identity) {
    return staples.of(identity).servable();
  }
}
