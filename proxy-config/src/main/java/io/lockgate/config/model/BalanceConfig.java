package io.lockgate.config.model;

import java.time.Duration;
import java.util.Optional;

/**
 * How the next server of an upstream is picked.
 *
 * @param sticky where a client comes back to the server it had; {@code method} picks the first one
 * @param slowStart over which a server's share grows after it was added or has returned; zero means
 *     at once
 * @param panicPercent all servers are used where fewer than this share are healthy
 * @param backupBelowPercent the next priority group is used as well where fewer than this share of
 *     a group are healthy; it always is where none is
 */
public record BalanceConfig(
    Method method,
    Optional<StickyCookie> sticky,
    Duration slowStart,
    int panicPercent,
    int backupBelowPercent) {
  /** In turn, nothing else. */
  public static final BalanceConfig ROUND_ROBIN =
      new BalanceConfig(Method.Even.ROUND_ROBIN, Optional.empty(), Duration.ZERO, 0, 0);

  /** What a pick looks at. */
  public sealed interface Method {
    /** At the servers alone. */
    enum Even implements Method {
      ROUND_ROBIN,
      LEAST_REQUESTS,
      RANDOM
    }

    /** At the request: the same server for the same key. */
    record Hash(HashKey on) implements Method {}
  }

  /**
   * What a request is known by.
   *
   * @param name of the field or cookie; empty for the client's address
   */
  public record HashKey(Source source, String name) {
    /** Where the key stands. */
    public enum Source {
      CLIENT_IP,
      HEADER,
      COOKIE
    }
  }

  /**
   * A cookie that names the server, signed.
   *
   * @param ttl zero for a cookie that ends with the browser's session
   * @param key of the signature; where it is missing, one is made that lives as long as the process
   */
  public record StickyCookie(
      String name, Duration ttl, boolean secure, SameSite sameSite, Optional<Key> key) {
    /** With which requests from other sites browsers send it. */
    public enum SameSite {
      STRICT,
      LAX,
      NONE
    }

    /** Never shown. */
    public record Key(String text) {
      @Override
      public String toString() {
        return "<redacted>";
      }
    }
  }
}
