package io.lockgate.limit;

import io.lockgate.config.model.RequestLimit;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * The state of all limits on requests of the process. Lives as long as the process; a limit that a
 * reload leaves as it was finds its counts again, since they are kept under its name and terms.
 * Limiters are made by one thread at a time.
 */
public final class LimitTable {
  /** 4 MiB: more clients than that are hardly ever below their bound at the same time. */
  private static final int CELLS = 128 * 1024;

  private final LongSupplier nanoClock;
  private final long epoch;
  private final SipHash hash;
  private final int size;

  /** Made with the first limit; read by whoever got a limiter after that. */
  private LimitCells cells;

  /**
   * @param key0 secret, with {@code key1}
   */
  public LimitTable(LongSupplier nanoClock, long key0, long key1) {
    this(nanoClock, key0, key1, CELLS);
  }

  LimitTable(LongSupplier nanoClock, long key0, long key1, int cells) {
    this.nanoClock = nanoClock;
    this.epoch = nanoClock.getAsLong() - 1;
    this.hash = new SipHash(key0, key1);
    this.size = cells;
  }

  /**
   * A limit of this process.
   *
   * @param place where it is configured; two limits at one place with equal terms are the same
   */
  public RequestLimiter limiter(String place, RequestLimit limit) {
    if (cells == null) {
      cells = new LimitCells(size);
    }
    byte[] name = (place + ' ' + limit).getBytes(StandardCharsets.UTF_8);
    return new RequestLimiter(this, limit, hash.of(0, name, 0, name.length));
  }

  LimitCells cells() {
    return cells;
  }

  SipHash hash() {
    return hash;
  }

  /** Nanoseconds since the table was made, above 0. */
  long now() {
    return nanoClock.getAsLong() - epoch;
  }
}
