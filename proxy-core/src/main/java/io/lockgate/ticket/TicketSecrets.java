package io.lockgate.ticket;

import java.time.Instant;
import java.util.List;

/**
 * The secrets that count at one moment: the first makes the keys that encrypt new tickets, all of
 * them make keys that open tickets. Immutable but for {@link #eraseAllBut}; read by every event
 * loop.
 */
public final class TicketSecrets {
  /** Name, AES-128 key and HMAC-SHA256 key of 16 bytes each (RFC 5077 section 4). */
  public static final int KEY_BYTES = 48;

  private static final String KEY_INFO = "lockgate ticket key 1 ";

  private final List<TicketSecret> secrets;
  private final Instant since;
  private final long forgets;

  /**
   * @param since when the first was made
   * @param forgets how often everything before was declared void
   */
  TicketSecrets(List<TicketSecret> secrets, Instant since, long forgets) {
    this.secrets = List.copyOf(secrets);
    this.since = since;
    this.forgets = forgets;
  }

  public int count() {
    return secrets.size();
  }

  public Instant since() {
    return since;
  }

  /** Grows each time that no earlier session may be resumed any more, whatever its kind. */
  public long forgets() {
    return forgets;
  }

  /** Whether any ticket of these is still worth something with the successor's. */
  public boolean continuedBy(TicketSecrets successor) {
    return secrets.stream().anyMatch(one -> successor.secrets.stream().anyMatch(one::sameAs));
  }

  /** The keys of a domain, the one that encrypts first; a few microseconds each. */
  public byte[][] keys(String domain) {
    byte[][] keys = new byte[secrets.size()][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = secrets.get(i).derive(KEY_INFO + domain, KEY_BYTES);
    }
    return keys;
  }

  /**
   * Erases the secrets that the successor does not share. Only once the successor has been
   * published: who reads an erased secret must be certain to look again.
   */
  public void eraseAllBut(TicketSecrets successor) {
    for (TicketSecret secret : secrets) {
      if (successor.secrets.stream().noneMatch(kept -> kept == secret)) {
        secret.erase();
      }
    }
  }

  List<TicketSecret> all() {
    return secrets;
  }
}
