package io.lockgate.ticket;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What processes share in a file: secrets with the time each was made, newest first, and how often
 * everything was forgotten.
 */
record SharedSecrets(List<Made> newestFirst, long forgets) {
  /** More than any configuration accepts. */
  static final int MOST = 64;

  private static final int MAGIC = 0x4c47544b; // LGTK
  private static final int VERSION = 1;
  private static final int DIGEST_BYTES = 32;
  private static final int HEADER_BYTES = 4 + 4 + 8 + 4;
  private static final int MADE_BYTES = 8 + TicketSecret.BYTES;

  /** The longest encoding there is. */
  static final int MOST_BYTES = HEADER_BYTES + MOST * MADE_BYTES + DIGEST_BYTES;

  record Made(Instant at, TicketSecret secret) {}

  SharedSecrets {
    newestFirst = List.copyOf(newestFirst);
  }

  TicketSecrets accepting(int acceptPrevious) {
    List<TicketSecret> secrets =
        newestFirst.stream().limit(1L + acceptPrevious).map(Made::secret).toList();
    return new TicketSecrets(secrets, newestFirst.get(0).at(), forgets);
  }

  boolean sameAs(SharedSecrets other) {
    if (forgets != other.forgets || newestFirst.size() != other.newestFirst.size()) {
      return false;
    }
    for (int i = 0; i < newestFirst.size(); i++) {
      if (!newestFirst.get(i).secret.sameAs(other.newestFirst.get(i).secret)) {
        return false;
      }
    }
    return true;
  }

  /** The caller erases what it gets once it is written. */
  byte[] encoded() {
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + newestFirst.size() * MADE_BYTES + DIGEST_BYTES);
    out.putInt(MAGIC).putInt(VERSION).putLong(forgets).putInt(newestFirst.size());
    for (Made made : newestFirst) {
      out.putLong(made.at.toEpochMilli());
      made.secret.copyTo(out);
    }
    out.put(digest(out.array(), out.position()));
    return out.array();
  }

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  static SharedSecrets decode(byte[] bytes) {
    int content = bytes.length - DIGEST_BYTES;
    if (content < HEADER_BYTES + MADE_BYTES) {
      throw new IllegalArgumentException("is cut short");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt() != MAGIC) {
      throw new IllegalArgumentException("is no file of ticket keys");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw new IllegalArgumentException("has the format " + version + ", of another version");
    }
    byte[] expected = Arrays.copyOfRange(bytes, content, bytes.length);
    if (!MessageDigest.isEqual(expected, digest(bytes, content))) {
      throw new IllegalArgumentException("is damaged: its checksum is wrong");
    }
    long forgets = in.getLong();
    int count = in.getInt();
    if (count < 1 || count > MOST || content != HEADER_BYTES + count * MADE_BYTES) {
      throw new IllegalArgumentException("is damaged: it tells of " + count + " keys");
    }
    List<Made> newestFirst = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Instant at = Instant.ofEpochMilli(in.getLong());
      byte[] secret = new byte[TicketSecret.BYTES];
      in.get(secret);
      newestFirst.add(new Made(at, new TicketSecret(secret)));
    }
    return new SharedSecrets(newestFirst, forgets);
  }

  private static byte[] digest(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
