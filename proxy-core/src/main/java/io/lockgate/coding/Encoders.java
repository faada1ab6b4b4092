package io.lockgate.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.util.Native;
import io.lockgate.config.model.CompressionConfig.Encoding;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Makes encoders, so many at a time that their memory is bounded: each holds up to three mebibytes.
 * One for the process, whatever is reloaded; safe on any thread.
 */
public final class Encoders {
  /** Beyond this, responses pass as they are. */
  private static final int MOST_AT_A_TIME = 128;

  private final Semaphore places;

  public Encoders() {
    this(MOST_AT_A_TIME);
  }

  Encoders(int most) {
    places = new Semaphore(most);
  }

  /** Whether this machine has the library for it. Loads it, so never on an event loop. */
  static boolean prepare(Encoding encoding) {
    return switch (encoding) {
      case GZIP -> true;
      case BROTLI -> Brotli4jLoader.isAvailable();
      case ZSTD -> {
        try {
          Native.load();
          yield Native.isLoaded();
        } catch (LinkageError e) {
          yield false;
        }
      }
    };
  }

  /** An encoder to be closed by the caller; empty where there are too many. */
  Optional<ContentEncoder> take(Encoding encoding) {
    if (!places.tryAcquire()) {
      return Optional.empty();
    }
    return Optional.of(ContentEncoder.of(encoding, places::release));
  }
}
