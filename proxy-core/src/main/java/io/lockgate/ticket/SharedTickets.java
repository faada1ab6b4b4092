package io.lockgate.ticket;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Secrets in a directory that several processes share. Whoever finds first that a new one is due
 * makes it; all others follow when they look the next time.
 */
final class SharedTickets implements TicketSource {
  /** How long another process may go on with what was replaced. */
  static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final TicketDirectory directory;
  private final SecureRandom random;
  private final Duration rotateEvery;
  private final int acceptPrevious;
  private Instant looked = Instant.MIN;
  private SharedSecrets shared;
  private TicketSecrets last;

  private SharedTickets(
      TicketDirectory directory, SecureRandom random, Duration rotateEvery, int acceptPrevious) {
    this.directory = directory;
    this.random = random;
    this.rotateEvery = rotateEvery;
    this.acceptPrevious = acceptPrevious;
  }

  /** Reads what is there, or makes the first. */
  static SharedTickets open(
      TicketDirectory directory,
      SecureRandom random,
      Duration rotateEvery,
      int acceptPrevious,
      Instant now)
      throws TicketSourceException {
    directory.create();
    SharedTickets tickets = new SharedTickets(directory, random, rotateEvery, acceptPrevious);
    tickets.look(now);
    return tickets;
  }

  @Override
  public TicketSecrets at(Instant now) throws TicketSourceException {
    if (Duration.between(looked, now).abs().compareTo(LOOK_EVERY) >= 0) {
      look(now);
    }
    return last;
  }

  @Override
  public TicketSecrets rotate(Instant now, boolean forget) throws TicketSourceException {
    adopt(
        changed(present -> next(present, now, forget))
            .orElseThrow(
                () ->
                    new TicketSourceException(
                        "ticket-keys-locked",
                        "tls.tickets.keys-directory",
                        "another process is changing the ticket keys, or died doing so",
                        "try again")));
    return last;
  }

  private void look(Instant now) throws TicketSourceException {
    Optional<SharedSecrets> present = directory.read();
    if (present.isPresent() && !due(present.get(), now)) {
      adopt(present.get());
    } else {
      rotateWhenDue(present, now);
    }
    looked = now; // after a failure it is tried again at once
  }

  private void rotateWhenDue(Optional<SharedSecrets> present, Instant now)
      throws TicketSourceException {
    // Looked at again under the lock: another may have been quicker.
    Optional<SharedSecrets> next =
        changed(
            found ->
                found.isPresent() && !due(found.get(), now)
                    ? found.get()
                    : next(found, now, false));
    if (next.isPresent()) {
      adopt(next.get());
    } else if (present.isPresent()) {
      adopt(present.get()); // the one who holds the lock rotates
    } else {
      throw new TicketSourceException(
          "ticket-keys-locked",
          "tls.tickets.keys-directory",
          "another process holds the lock of the ticket keys and has not made any yet",
          "try again");
    }
  }

  /** The lock is held for a few file operations at a time, so a few attempts do. */
  private Optional<SharedSecrets> changed(TicketDirectory.Change change)
      throws TicketSourceException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<SharedSecrets> done = directory.change(change);
      if (done.isPresent()) {
        return done;
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * A time in the future is believed up to the length of a rotation: clocks of machines differ, but
   * after a clock has been put right nothing must wait for years.
   */
  private boolean due(SharedSecrets present, Instant now) {
    Duration age = Duration.between(present.newestFirst().get(0).at(), now);
    return age.abs().compareTo(rotateEvery) >= 0;
  }

  private SharedSecrets next(Optional<SharedSecrets> present, Instant now, boolean forget) {
    List<SharedSecrets.Made> secrets = new ArrayList<>();
    secrets.add(new SharedSecrets.Made(now, TicketSecret.random(random)));
    if (!forget) {
      present.ifPresent(
          found -> found.newestFirst().stream().limit(acceptPrevious).forEach(secrets::add));
    }
    long forgets = present.map(SharedSecrets::forgets).orElse(0L);
    return new SharedSecrets(secrets, forgets + (forget ? 1 : 0));
  }

  private void adopt(SharedSecrets found) {
    if (shared == null || !shared.sameAs(found)) {
      shared = found;
      last = found.accepting(acceptPrevious);
    }
  }

  private static final int ATTEMPTS = 40;
  private static final long PAUSE_MILLIS = 25;
}
