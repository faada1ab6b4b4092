package io.lockgate.tls;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.lockgate.pki.Identity;
import io.lockgate.pki.KeyKind;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The native contexts that are kept built, by identity and terms. Used by all event loops at once;
 * none of them ever waits for another: two that miss at once both build, and one build is dropped.
 */
public final class ContextCache implements AutoCloseable {
  private final Cache<Key, ServerTls> kept;
  private final TicketKeys ticketKeys;
  private final Consumer<Runnable> afterBarrier;
  private final HandshakeWorkers workers;
  private final Function<Identity, Optional<KeySigner>> signers;
  private final CertificateCompression compression;
  private volatile boolean compressed;
  private volatile Optional<SystemOpenSsl> openSsl = Optional.empty();

  /**
   * @param maxCached contexts kept; the least used go first
   * @param afterBarrier runs a task once every event loop has ended its current turn
   * @param workers for handshakes that would hold up an event loop; the caller closes them
   */
  public ContextCache(
      int maxCached,
      TicketKeys ticketKeys,
      Consumer<Runnable> afterBarrier,
      HandshakeWorkers workers) {
    this(maxCached, ticketKeys, afterBarrier, workers, identity -> Optional.empty());
  }

  /**
   * A cache for identities of which some have their keys elsewhere.
   *
   * @param signers for the identities whose keys the TLS library is not given
   */
  public ContextCache(
      int maxCached,
      TicketKeys ticketKeys,
      Consumer<Runnable> afterBarrier,
      HandshakeWorkers workers,
      Function<Identity, Optional<KeySigner>> signers) {
    this.signers = signers;
    this.ticketKeys = ticketKeys;
    this.afterBarrier = afterBarrier;
    this.workers = workers;
    this.compression = new CertificateCompression(workers.spare());
    this.kept =
        Caffeine.newBuilder()
            .maximumSize(maxCached)
            .executor(Runnable::run)
            .removalListener(this::removed)
            .build();
  }

  /** The context, built now if it is not kept. Valid until the current turn of the loop ends. */
  public ServerTls get(Identity identity, TlsTerms terms) {
    Key key = new Key(identity.digest(), terms);
    ServerTls present = kept.getIfPresent(key);
    return present != null ? present : build(key, identity);
  }

  /** Whether certificates are compressed (RFC 8879); contexts that are kept are built anew. */
  public void compressCertificates(boolean on) {
    if (compressed != on) {
      compressed = on;
      kept.invalidateAll();
    }
  }

  /**
   * Who signs with the RSA keys that it suits, instead of the TLS library; the contexts kept of
   * such keys are built anew.
   */
  public void signWith(Optional<SystemOpenSsl> library) {
    if (openSsl.equals(library)) {
      return;
    }
    openSsl = library;
    kept.asMap().values().removeIf(tls -> tls.identity().keyKind() == KeyKind.RSA);
  }

  /**
   * Gives up every context of identities that are not used any more.
   *
   * @param used tells it by an identity's digest
   */
  public void retain(Predicate<String> used) {
    kept.asMap().keySet().removeIf(key -> !used.test(key.identityDigest));
  }

  /** Gives up every context, and with it the sessions it keeps; they are built anew when needed. */
  public void giveUpAll() {
    kept.invalidateAll();
  }

  /** Contexts now kept. */
  public long size() {
    kept.cleanUp();
    return kept.estimatedSize();
  }

  /** Gives up all contexts; connections that have one keep it. */
  @Override
  public void close() {
    kept.invalidateAll();
    kept.cleanUp();
  }

  private ServerTls build(Key key, Identity identity) {
    Optional<SystemOpenSsl> signing = openSsl;
    ServerTls built =
        ServerTls.build(
            identity,
            key.terms,
            new ServerTls.Surroundings(
                workers, compressed ? Optional.of(compression) : Optional.empty(), signing),
            signers.apply(identity));
    if (key.terms.tickets()) {
      ticketKeys.install(key.terms.ticketDomain(), built.context());
    }
    ServerTls other = kept.asMap().putIfAbsent(key, built);
    if (other == null) {
      if (!signing.equals(openSsl)) {
        kept.asMap().remove(key, built); // made before the change, and put there after it
      }
      return built;
    }
    release(built);
    return other;
  }

  /** Caffeine calls this on whichever thread caused it. */
  private void removed(Key key, ServerTls tls, RemovalCause cause) {
    // A loop may stand between looking this context up and making an engine of it.
    afterBarrier.accept(() -> release(tls));
  }

  private void release(ServerTls tls) {
    if (tls.terms().tickets()) {
      ticketKeys.forget(tls.context());
    }
    tls.context().release();
  }

  private record Key(String identityDigest, TlsTerms terms) {

    /** Written out as the first handshake comes here: Java's own is made at run time. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && identityDigest.equals(key.identityDigest)
          && Objects.equals(terms, key.terms);
    }

    /** Of the texts alone, which remember theirs; the terms would be walked through every time. */
    @Override
    public int hashCode() {
      return 31 * identityDigest.hashCode() + terms.ticketDomain().hashCode();
    }
  }
}
