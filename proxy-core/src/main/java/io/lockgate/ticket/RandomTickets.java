package io.lockgate.ticket;

import io.lockgate.config.model.TlsConfig.Tickets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Secrets made at random, which exist in the memory of this process, and of the one that takes over
 * from it, and nowhere else.
 */
final class RandomTickets implements TicketSource {
  private final SecureRandom random;
  private Duration rotateEvery;
  private int acceptPrevious;
  private TicketSecrets last;

  RandomTickets(SecureRandom random, Duration rotateEvery, int acceptPrevious, Instant now) {
    this.random = random;
    this.rotateEvery = rotateEvery;
    this.acceptPrevious = acceptPrevious;
    this.last = new TicketSecrets(List.of(TicketSecret.random(random)), now, 0);
  }

  /** Goes on with what another process has made. */
  RandomTickets(SecureRandom random, SharedSecrets inherited, Tickets rules) {
    this.random = random;
    this.rotateEvery = rules.rotateEvery();
    this.acceptPrevious = rules.acceptPrevious();
    this.last = inherited.accepting(rules.acceptPrevious());
  }

  /** Under the monitor, since a rotation erases what it replaces. */
  @Override
  public synchronized Optional<byte[]> handOver() {
    List<SharedSecrets.Made> made =
        last.all().stream().map(s -> new SharedSecrets.Made(last.since(), s)).toList();
    return Optional.of(new SharedSecrets(made, last.forgets()).encoded());
  }

  @Override
  public void rules(Duration nextRotateEvery, int nextAcceptPrevious) {
    rotateEvery = nextRotateEvery;
    acceptPrevious = nextAcceptPrevious;
  }

  @Override
  public TicketSecrets at(Instant now) {
    if (now.isBefore(last.since())) {
      // The clock was put back; counted from the time it had, a key might live for years.
      last = new TicketSecrets(last.all(), now, last.forgets());
    }
    if (!now.isBefore(last.since().plus(rotateEvery))) {
      return rotate(now, false);
    }
    if (last.count() > 1 + acceptPrevious) {
      last =
          new TicketSecrets(
              last.all().subList(0, 1 + acceptPrevious), last.since(), last.forgets());
    }
    return last;
  }

  @Override
  public TicketSecrets rotate(Instant now, boolean forget) {
    List<TicketSecret> secrets = new ArrayList<>();
    secrets.add(TicketSecret.random(random));
    if (!forget) {
      last.all().stream().limit(acceptPrevious).forEach(secrets::add);
    }
    last = new TicketSecrets(secrets, now, last.forgets() + (forget ? 1 : 0));
    return last;
  }
}
