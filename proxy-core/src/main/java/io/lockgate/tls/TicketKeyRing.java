package io.lockgate.tls;

/** The ticket keys of one domain: the current one and those that are still accepted. */
public final class TicketKeyRing {
  // Filled in next.
}
