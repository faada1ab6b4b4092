package io.lockgate.upstream;

/**
 * A connection to a server as its pool sees it, whatever protocol it speaks. On its event loop.
 *
 * <p>It counts itself in its slot: active while it carries a request, idle while it carries none.
 */
interface UpstreamConnection {
  ServerSlot slot();

  /** Whether another request may be begun now. */
  boolean usable();

  /** Whether it takes further requests beside those it carries; such a one stays in the pool. */
  boolean shared();

  /** Whether it carries no request. */
  boolean unused();

  /** Whose connection it is alone; {@link Announcement#OF_NOBODY} where it is anybody's. */
  default Announcement announced() {
    return Announcement.OF_NOBODY;
  }

  /** Begins a request; only while usable. */
  UpstreamStream begin(UpstreamEvents events);

  /** Waits in the pool from now on, not having been used yet. */
  void rest();

  /** Takes no further request, and closes once the last one has ended. */
  void retire();

  /** Closes at once; tells nobody. */
  void close();
}
