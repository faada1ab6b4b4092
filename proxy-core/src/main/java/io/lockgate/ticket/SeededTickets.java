package io.lockgate.ticket;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Secrets derived from a seed and the time, so that processes which know nothing of each other
 * agree. Time is cut into slots as long as a key encrypts; the slots before are accepted as
 * configured, and the next one, since another machine's clock may be ahead.
 */
final class SeededTickets implements TicketSource {
  private static final byte[] SALT = "lockgate ticket seed 1".getBytes(StandardCharsets.US_ASCII);

  private final byte[] root;
  private final Duration rotateEvery;
  private final int acceptPrevious;
  private long lastSlot;
  private TicketSecrets last;

  /**
   * @param seed whoever has it can open every ticket
   */
  SeededTickets(byte[] seed, Duration rotateEvery, int acceptPrevious, Instant now) {
    this.root = Hkdf.extract(SALT, seed);
    this.rotateEvery = rotateEvery;
    this.acceptPrevious = acceptPrevious;
    this.lastSlot = slot(now);
    this.last = derive(lastSlot);
  }

  /** Whether both derive the same secrets at any time. */
  boolean sameAs(SeededTickets other) {
    return Arrays.equals(root, other.root)
        && rotateEvery.equals(other.rotateEvery)
        && acceptPrevious == other.acceptPrevious;
  }

  @Override
  public TicketSecrets at(Instant now) {
    long slot = slot(now);
    if (slot != lastSlot) {
      lastSlot = slot;
      last = derive(slot);
    }
    return last;
  }

  @Override
  public TicketSecrets rotate(Instant now, boolean forget) throws TicketSourceException {
    throw new TicketSourceException(
        "seeded-ticket-keys",
        "tls.tickets.keys-seed",
        "ticket keys are derived from a seed that the whole fleet shares, and from the time",
        "to make the keys void, replace the seed on every machine and reload");
  }

  private TicketSecrets derive(long slot) {
    List<TicketSecret> secrets = new ArrayList<>();
    secrets.add(secret(slot));
    for (int back = 1; back <= acceptPrevious; back++) {
      secrets.add(secret(slot - back));
    }
    secrets.add(secret(slot + 1));
    return new TicketSecrets(
        secrets, Instant.ofEpochMilli(Math.multiplyExact(slot, rotateEvery.toMillis())), 0);
  }

  /** The length of a slot takes part, or else slot 7 of an hour would equal slot 7 of a day. */
  private TicketSecret secret(long slot) {
    String info = "slot " + slot + " of " + rotateEvery.toMillis() + " ms";
    return new TicketSecret(Hkdf.expand(root, info, TicketSecret.BYTES));
  }

  private long slot(Instant now) {
    return Math.floorDiv(now.toEpochMilli(), rotateEvery.toMillis());
  }
}
