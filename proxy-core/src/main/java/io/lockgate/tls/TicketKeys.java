package io.lockgate.tls;

import io.lockgate.ticket.TicketSecrets;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.util.IllegalReferenceCountException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The ticket keys of all contexts, each derived for its domain from the secrets that count now.
 * Outlives reloads of the configuration, so that tickets do. Event loops install keys into the
 * contexts they build; one thread lets new secrets follow. Nobody waits for anybody.
 */
public final class TicketKeys {
  private final ConcurrentMap<ReferenceCountedOpenSslContext, String> domains =
      new ConcurrentHashMap<>();
  private volatile TicketSecrets secrets;

  public TicketKeys(TicketSecrets secrets) {
    this.secrets = secrets;
  }

  /** Makes a context open and write tickets with its domain's keys until {@link #forget}. */
  void install(String domain, ReferenceCountedOpenSslContext context) {
    domains.put(context, domain);
    TicketSecrets installed;
    do {
      // Again if others follow meanwhile: they may have missed this context, and these be erased.
      installed = secrets;
      install(installed, domain, context);
    } while (installed != secrets);
  }

  void forget(ReferenceCountedOpenSslContext context) {
    domains.remove(context);
  }

  /**
   * Changes the keys of every context, unless these are the secrets that count already. One thread
   * at a time, never an event loop.
   */
  public void follow(TicketSecrets next) {
    TicketSecrets before = secrets;
    if (before == next) {
      return;
    }
    secrets = next;
    for (Map.Entry<ReferenceCountedOpenSslContext, String> each : domains.entrySet()) {
      if (retained(each.getKey())) {
        try {
          install(next, each.getValue(), each.getKey());
        } finally {
          each.getKey().release();
        }
      }
    }
    before.eraseAllBut(next);
  }

  /** What counts now. */
  public TicketSecrets secrets() {
    return secrets;
  }

  /** Keys of a domain that only open tickets. */
  public int acceptedKeys() {
    return secrets.count() - 1;
  }

  /** Age of the key that encrypts. */
  public double ageSeconds(Instant now) {
    return Math.max(0, now.toEpochMilli() - secrets.since().toEpochMilli()) / 1000.0;
  }

  /** Contexts that would get the next keys. */
  public int installed() {
    return domains.size();
  }

  private static void install(
      TicketSecrets secrets, String domain, ReferenceCountedOpenSslContext context) {
    byte[][] keys = secrets.keys(domain);
    OpenSslSessionTicketKey[] natives = new OpenSslSessionTicketKey[keys.length];
    for (int i = 0; i < keys.length; i++) {
      natives[i] =
          new OpenSslSessionTicketKey(part(keys[i], 0), part(keys[i], 1), part(keys[i], 2));
      Arrays.fill(keys[i], (byte) 0);
    }
    ((OpenSslServerSessionContext) context.sessionContext()).setTicketKeys(natives);
  }

  private static byte[] part(byte[] key, int index) {
    return Arrays.copyOfRange(key, index * 16, index * 16 + 16);
  }

  /** False for a context that was given up while the keys were being changed. */
  private static boolean retained(ReferenceCountedOpenSslContext context) {
    try {
      context.retain();
      return true;
    } catch (IllegalReferenceCountException e) {
      return false;
    }
  }
}
