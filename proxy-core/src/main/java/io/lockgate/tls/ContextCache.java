package io.lockgate.tls;

import io.lockgate.pki.Identity;
import java.util.function.Consumer;

/**
 * The native contexts that are kept built, by identity and terms. Used by all event loops at once;
 * none of them ever waits for another.
 */
public final class ContextCache implements AutoCloseable {

  /**
   * @param maxCached contexts kept; the least used go first
   * @param afterBarrier runs a task once every event loop has ended its current turn
   */
  public ContextCache(int maxCached, TicketKeys ticketKeys, Consumer<Runnable> afterBarrier) {
    throw new UnsupportedOperationException();
  }

  /** The context, built now if it is not kept. Valid until the current turn of the loop ends. */
  public ServerTls get(Identity identity, TlsTerms terms) {
    throw new UnsupportedOperationException();
  }

  /** Gives up every context of identities that are not used any more. */
  public void retain(java.util.Set<String> identityDigests) {
    throw new UnsupportedOperationException();
  }

  /** Contexts now kept. */
  public long size() {
    throw new UnsupportedOperationException();
  }

  /** Gives up all contexts; connections that have one keep it. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
