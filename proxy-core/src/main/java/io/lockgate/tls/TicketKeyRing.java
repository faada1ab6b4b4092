package io.lockgate.tls;

import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.util.IllegalReferenceCountException;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The ticket keys of one domain: the current one encrypts, it and the earlier ones open tickets
 * (RFC 5077 section 5.5). Event loops install keys into the contexts they build; one control thread
 * rotates. Nobody waits for anybody.
 */
public final class TicketKeyRing {
  /** Name, AES-128 key and HMAC-SHA256 key of 16 bytes each. */
  static final int KEY_BYTES = 48;

  private final SecureRandom random;
  private final Set<ReferenceCountedOpenSslContext> contexts = ConcurrentHashMap.newKeySet();
  private volatile Keys keys;

  TicketKeyRing(SecureRandom random, long nanoTime) {
    this.random = random;
    this.keys = new Keys(new byte[][] {newKey()}, nanoTime);
  }

  /** Makes a context open and write tickets with these keys until {@link #forget}. */
  void install(ReferenceCountedOpenSslContext context) {
    contexts.add(context);
    Keys installed;
    do {
      // Again if they were rotated meanwhile: the rotation may have seen this context too early.
      installed = keys;
      installed.into(context);
    } while (installed != keys);
  }

  void forget(ReferenceCountedOpenSslContext context) {
    contexts.remove(context);
  }

  /** A new current key; at most {@code acceptPrevious} earlier ones stay. One thread at a time. */
  void rotate(int acceptPrevious, long nanoTime) {
    byte[][] before = keys.newestFirst;
    byte[][] after = new byte[1 + Math.min(before.length, acceptPrevious)][];
    after[0] = newKey();
    System.arraycopy(before, 0, after, 1, after.length - 1);
    Keys rotated = new Keys(after, nanoTime);
    keys = rotated;
    for (ReferenceCountedOpenSslContext context : contexts) {
      if (retained(context)) {
        try {
          rotated.into(context);
        } finally {
          context.release();
        }
      }
    }
  }

  /** Earlier keys that still open tickets. */
  int accepted() {
    return keys.newestFirst.length - 1;
  }

  /** When the current key was made. */
  long madeNanos() {
    return keys.nanoTime;
  }

  /** Contexts that would get the next keys. */
  public int installed() {
    return contexts.size();
  }

  private byte[] newKey() {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return key;
  }

  /** False for a context that was given up while the keys were being rotated. */
  private static boolean retained(ReferenceCountedOpenSslContext context) {
    try {
      context.retain();
      return true;
    } catch (IllegalReferenceCountException e) {
      return false;
    }
  }

  /** Immutable, and never printed. */
  private static final class Keys {
    private final byte[][] newestFirst;
    private final long nanoTime;

    Keys(byte[][] newestFirst, long nanoTime) {
      this.newestFirst = newestFirst;
      this.nanoTime = nanoTime;
    }

    void into(ReferenceCountedOpenSslContext context) {
      OpenSslSessionTicketKey[] natives = new OpenSslSessionTicketKey[newestFirst.length];
      for (int i = 0; i < natives.length; i++) {
        byte[] key = newestFirst[i];
        natives[i] = new OpenSslSessionTicketKey(part(key, 0), part(key, 1), part(key, 2));
      }
      ((OpenSslServerSessionContext) context.sessionContext()).setTicketKeys(natives);
    }

    private static byte[] part(byte[] key, int index) {
      return java.util.Arrays.copyOfRange(key, index * 16, index * 16 + 16);
    }
  }
}
