package io.lockgate.ticket;

import java.time.Instant;

/**
 * Where ticket secrets come from. One thread at a time uses a source, never an event loop: some
 * read and write files.
 */
public sealed interface TicketSource permits RandomTickets, SharedTickets, SeededTickets {

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
}
