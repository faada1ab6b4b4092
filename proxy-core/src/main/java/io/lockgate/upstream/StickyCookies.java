package io.lockgate.upstream;

import io.lockgate.config.model.BalanceConfig.StickyCookie;
import io.lockgate.http.AsciiBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes and reads the cookie that brings a client back to its server: a tag of the server that
 * only the key's holder can make or read, the time it is good until, and a signature over both.
 * Nothing in it tells an address. On one event loop, since a MAC holds state.
 */
final class StickyCookies {
  private static final int TAG_BYTES = 8;
  private static final int TIME_BYTES = 4;
  private static final int SIGNATURE_BYTES = 16;
  private static final int SIGNED_BYTES = TAG_BYTES + TIME_BYTES;
  private static final int TEXT_LENGTH = 38; // (8 + 4 + 16) octets in base64

  private final String upstream;
  private final StickyCookie config;
  private final CookieName name;
  private final Mac mac;
  private final LongSupplier seconds;
  private final String attributes;
  private final Map<Long, UpstreamServer> byTag = new HashMap<>();
  private final Map<String, Long> tags = new HashMap<>();

  /**
   * @param key where the configuration names none
   * @param seconds since the epoch
   */
  StickyCookies(String upstream, StickyCookie config, byte[] key, LongSupplier seconds) {
    this.upstream = upstream;
    this.config = config;
    this.name = new CookieName(config.name());
    this.mac =
        mac(config.key().map(k -> k.text().getBytes(StandardCharsets.UTF_8)).orElse(key.clone()));
    this.seconds = seconds;
    this.attributes = attributes(config);
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has HmacSHA256", e);
    }
  }

  private static String attributes(StickyCookie config) {
    String age = config.ttl().isZero() ? "" : "; Max-Age=" + config.ttl().toSeconds();
    String sameSite =
        switch (config.sameSite()) {
          case STRICT -> "Strict";
          case LAX -> "Lax";
          case NONE -> "None";
        };
    return "; Path=/"
        + age
        + "; HttpOnly"
        + (config.secure() ? "; Secure" : "")
        + "; SameSite="
        + sameSite;
  }

  void follow(ServerSet set) {
    byTag.clear();
    tags.clear();
    for (UpstreamServer server : set.servers()) {
      byte[] text = (upstream + '\0' + server.address()).getBytes(StandardCharsets.UTF_8);
      long tag = ByteBuffer.wrap(mac.doFinal(text)).getLong();
      byTag.put(tag, server);
      tags.put(server.address(), tag);
    }
  }

  /** The server that a request's cookie names; empty where it has none that is good. */
  Optional<UpstreamServer> serverOf(RequestFacts facts) {
    return valueOf(facts).map(value -> byTag.get(value.getLong(0)));
  }

  /** The octets of a cookie that we signed and that is still good. */
  private Optional<ByteBuffer> valueOf(RequestFacts facts) {
    Optional<String> text = name.find(facts.fields());
    if (text.isEmpty() || text.get().length() != TEXT_LENGTH) {
      return Optional.empty();
    }
    byte[] octets;
    try {
      octets = Base64.getUrlDecoder().decode(text.get());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    byte[] expected = signature(octets);
    byte[] actual = Arrays.copyOfRange(octets, SIGNED_BYTES, octets.length);
    ByteBuffer value = ByteBuffer.wrap(octets);
    return MessageDigest.isEqual(expected, actual) && fresh(value)
        ? Optional.of(value)
        : Optional.empty();
  }

  private byte[] signature(byte[] octets) {
    mac.update(octets, 0, SIGNED_BYTES);
    return Arrays.copyOf(mac.doFinal(), SIGNATURE_BYTES);
  }

  private boolean fresh(ByteBuffer value) {
    return config.ttl().isZero() || until(value) > seconds.getAsLong();
  }

  private static long until(ByteBuffer value) {
    return Integer.toUnsignedLong(value.getInt(TAG_BYTES));
  }

  /**
   * The value of {@code Set-Cookie} for a response, where the client's cookie names another server
   * than the one that answered, or has lived for half its time.
   *
   * @param address of the server that answered
   */
  Optional<AsciiBytes> fieldFor(RequestFacts facts, String address) {
    Long tag = tags.get(address);
    if (tag == null || valueOf(facts).filter(v -> v.getLong(0) == tag && !aging(v)).isPresent()) {
      return Optional.empty();
    }
    long until = seconds.getAsLong() + config.ttl().toSeconds();
    byte[] octets = new byte[SIGNED_BYTES + SIGNATURE_BYTES];
    ByteBuffer.wrap(octets).putLong(tag).putInt((int) until);
    System.arraycopy(signature(octets), 0, octets, SIGNED_BYTES, SIGNATURE_BYTES);
    String value = Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    return Optional.of(AsciiBytes.of(config.name() + "=" + value + attributes));
  }

  private boolean aging(ByteBuffer value) {
    return !config.ttl().isZero()
        && until(value) - seconds.getAsLong() < config.ttl().toSeconds() / 2;
  }
}
