package io.lockgate.tls;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.lockgate.pki.Identity;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The native contexts that are kept built, by identity and terms. Used by all event loops at once;
 * none of them ever waits for another: two that miss at once both build, and one build is dropped.
 */
public final class ContextCache implements AutoCloseable {
  private final Cache<Key, ServerTls> kept;
  private final TicketKeys ticketKeys;
  private final Consumer<Runnable> afterBarrier;
  private final HandshakeWorkers workers;

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
    this.ticketKeys = ticketKeys;
    this.afterBarrier = afterBarrier;
    this.workers = workers;
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

  /** Gives up every context of identities that are not used any more. */
  public void retain(Set<String> identityDigests) {
    kept.asMap().keySet().removeIf(key -> !identityDigests.contains(key.identityDigest));
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
    ServerTls built = ServerTls.build(identity, key.terms, workers);
    if (key.terms.tickets()) {
      ticketKeys.install(key.terms.ticketDomain(), built.context());
    }
    ServerTls other = kept.asMap().putIfAbsent(key, built);
    if (other == null) {
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
      ticketKeys.forget(tls.terms().ticketDomain(), tls.context());
    }
    tls.context().release();
  }

  private record Key(String identityDigest, TlsTerms terms) {}
}
