package io.lockgate.ticket;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.TlsConfig.KeySource;
import io.lockgate.config.model.TlsConfig.Tickets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens the source that a configuration asks for. Touches files; never on an event loop. */
public final class TicketSources {
  private final Clock clock;
  private final Map<String, String> environment;
  private final SecureRandom random;

  public TicketSources(Clock clock, Map<String, String> environment, SecureRandom random) {
    this.clock = clock;
    this.environment = environment;
    this.random = random;
  }

  /**
   * @param before what counted until now; goes on where its secrets remain those asked for, once it
   *     is told the {@linkplain TicketSource#rules rules}
   */
  public TicketSource open(Tickets asked, Optional<TicketSource> before)
      throws TicketSourceException {
    Instant now = clock.instant();
    if (!asked.enabled() || asked.keys() instanceof KeySource.Memory) {
      return before
          .filter(RandomTickets.class::isInstance)
          .orElseGet(
              () -> new RandomTickets(random, asked.rotateEvery(), asked.acceptPrevious(), now));
    }
    if (asked.keys() instanceof KeySource.Directory directory) {
      return SharedTickets.open(
          new TicketDirectory(directory.path()),
          random,
          asked.rotateEvery(),
          asked.acceptPrevious(),
          now);
    }
    byte[] seed = seed(asked.keys());
    SeededTickets seeded =
        new SeededTickets(seed, asked.rotateEvery(), asked.acceptPrevious(), now);
    Arrays.fill(seed, (byte) 0);
    boolean same = before.orElse(null) instanceof SeededTickets last && last.sameAs(seeded);
    return same ? before.orElseThrow() : seeded;
  }

  /**
   * Goes on with what the process before has {@linkplain TicketSource#handOver handed over}, where
   * the configuration asks for secrets of that kind.
   *
   * @throws IllegalArgumentException if it cannot be understood
   */
  public TicketSource openInherited(Tickets asked, byte[] handedOver) throws TicketSourceException {
    return open(
        asked, Optional.of(new RandomTickets(random, SharedSecrets.decode(handedOver), asked)));
  }

  /** What would keep {@link #open} from succeeding, found out without changing anything. */
  public List<ConfigProblem> problems(ProxyConfig config) {
    Tickets asked = config.tls().tickets();
    try {
      if (asked.enabled() && asked.keys() instanceof KeySource.Directory shared) {
        TicketDirectory directory = new TicketDirectory(shared.path());
        if (directory.exists()) {
          directory.read();
        }
      } else if (asked.enabled() && !(asked.keys() instanceof KeySource.Memory)) {
        Arrays.fill(seed(asked.keys()), (byte) 0);
      }
      return List.of();
    } catch (TicketSourceException e) {
      return List.of(e.problem(config));
    }
  }

  private byte[] seed(KeySource source) throws TicketSourceException {
    if (source instanceof KeySource.SeedFile file) {
      return TicketSeed.ofFile(file.path());
    }
    if (source instanceof KeySource.SeedVariable variable) {
      return TicketSeed.ofVariable(variable.name(), environment);
    }
    throw new AssertionError(source);
  }
}
