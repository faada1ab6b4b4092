package io.lockgate.ticket;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where ticket secrets come from. Whoever uses a source holds its monitor, and is no event loop:
 * some read and write files. Only {@link #handOver} may be asked without, and waits for no file.
 */
public sealed interface TicketSource permits RandomTickets, SharedTickets, SeededTickets {

  /** Secrets made at random, which exist in the memory of this process and nowhere else. */
  static TicketSource random(
      SecureRandom random, Duration rotateEvery, int acceptPrevious, Instant now) {
    return new RandomTickets(random, rotateEvery, acceptPrevious, now);
  }

  /**
   * What counts now; rotates first where that is due. The same object as before where nothing
   * changed.
   */
  TicketSecrets at(Instant now) throws TicketSourceException;

  /**
   * Makes a new current secret at once.
   *
   * @param forget whether all earlier ones are void from now on, instead of some being accepted
   */
  TicketSecrets rotate(Instant now, boolean forget) throws TicketSourceException;

  /**
   * What a process that takes over needs in order to go on with the same secrets; empty where it
   * finds them by itself. Whoever gets it erases it.
   */
  default Optional<byte[]> handOver() {
    return Optional.empty();
  }

  /** The same secrets under other rules, for a source that outlives a reload. */
  default void rules(Duration rotateEvery, int acceptPrevious) {}
}
