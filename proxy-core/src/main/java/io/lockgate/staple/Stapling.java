package io.lockgate.staple;

import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.TlsConfig;
import io.lockgate.config.model.TlsConfig.StapleMode;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.Identity;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.pki.ocsp.CertificateStatus;
import io.lockgate.pki.ocsp.ResponderStatus;
import io.lockgate.pki.ocsp.StatusAnswer;
import io.lockgate.pki.ocsp.StatusAnswer.Failure;
import io.lockgate.pki.ocsp.StatusResponse;
import io.lockgate.pki.ocsp.StatusSource;
import io.lockgate.table.FlatTable;
import io.lockgate.tls.Staple;
import io.lockgate.tls.Staples;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an OCSP response at hand for every identity that can have one: one fetch for an identity,
 * however many hosts and names it serves. Outlives generations; identities that stay keep their
 * response. Called by the control thread and by those of the admin endpoint, never by an event
 * loop; what it does by the clock runs on threads of its own, which exist only once they are
 * needed.
 */
public final class Stapling implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Stapling.class);
  private static final int LINES_PER_MINUTE = 50;

  private final Clock clock;
  private final StatusSource source;
  private final StaplingThreads threads;
  private final RefreshPlan plan;
  private final Responders responders = new Responders();
  private final LogAllowance allowance;
  private final FetchCounts counts = new FetchCounts();
  private final Map<String, StapledIdentity> identities = new ConcurrentHashMap<>();
  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private volatile Optional<TlsConfig.Ocsp> settings = Optional.empty();

  /**
   * @param random evenly from 0 to 1, for many threads
   */
  public Stapling(
      Clock clock, StatusSource source, StaplingThreads threads, DoubleSupplier random) {
    this.clock = clock;
    this.source = source;
    this.threads = threads;
    this.plan = new RefreshPlan(random);
    this.allowance = new LogAllowance(clock, LINES_PER_MINUTE);
  }

  /** As the daemon does it; nothing is loaded and no thread begun before a certificate needs it. */
  public static Stapling ofProcess(Clock clock) {
    return ofProcess(clock, Map.of());
  }

  /**
   * The same, with what another process has {@linkplain #handOver handed over}: asked for before
   * the disk, and checked like anything that comes from there.
   */
  public static Stapling ofProcess(Clock clock, Map<String, byte[]> handedOver) {
    return new Stapling(
        clock,
        new ResponderStatus(clock, handedOver),
        new DaemonThreads(),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * The staples of a generation about to serve. Responses of identities that are new are taken from
   * the disk or fetched, all at once; for the slow ones it waits no longer than the timeout.
   * Nothing that serves now is changed.
   *
   * @param serving those of the generation before, which are taken over where they are the same
   */
  public Staples prepare(ProxyConfig config, IdentityCatalog catalog, Staples serving) {
    TlsConfig.Ocsp ocsp = config.tls().ocsp();
    if (settings.isEmpty()) {
      settings = Optional.of(ocsp);
    }
    Map<String, StapleMode> modes = new HashMap<>();
    for (CertificateConfig certificate : config.certificates()) {
      modes.put(certificate.name(), certificate.staple().orElse(ocsp.staple()));
    }
    Draft draft = new Draft(ocsp, catalog.entries().size(), serving);
    for (CertificateEntry entry : catalog.entries()) {
      draft.add(entry, modes.getOrDefault(entry.configName(), ocsp.staple()));
    }
    if (!draft.awaited.isEmpty()) {
      threads.everySecond(this::tick);
      await(draft.awaited, ocsp.timeout());
    }
    return new Staples(draft.staples.build());
  }

  /** The staples of one generation while they are gathered. */
  private final class Draft {
    private final TlsConfig.Ocsp ocsp;
    private final Staples serving;
    private final FlatTable.Builder<String, Staple> staples;
    private final Map<String, Staple> notApplicable = new HashMap<>();
    private final List<CompletableFuture<Boolean>> awaited = new ArrayList<>();

    Draft(TlsConfig.Ocsp ocsp, int identities, Staples serving) {
      this.ocsp = ocsp;
      this.serving = serving;
      this.staples = FlatTable.builder(identities);
    }

    /** Of several certificates with one identity the strictest demand counts. */
    void add(CertificateEntry entry, StapleMode mode) {
      Identity identity = entry.identity();
      String name = entry.configName();
      if (mode == StapleMode.OFF || identity.ocspAddress().isEmpty()) {
        Staple none = notApplicable.computeIfAbsent(name, Staple::notApplicable);
        staples.putIfAbsent(identity.digest(), none, none);
        return;
      }
      boolean required = mode == StapleMode.REQUIRE || identity.mustStaple();
      Staple before = staples.getOrDefault(identity.digest(), null);
      if (before == null || !before.applicable() || (required && !before.required())) {
        StapledIdentity stapled = stapled(identity, name, required);
        Staple staple = new Staple(name, required, stapled.slot());
        Staple served = serving.of(identity);
        staples.put(identity.digest(), served.promisesSame(staple) ? served : staple);
      }
    }

    private StapledIdentity stapled(Identity identity, String name, boolean required) {
      StapledIdentity known = identities.get(identity.digest());
      if (known != null) {
        return known;
      }
      StapledIdentity fresh = new StapledIdentity(identity, name, required, allowance);
      identities.put(identity.digest(), fresh);
      fresh.begin().ifPresent(awaited::add);
      submit(() -> provide(fresh, ocsp), fresh);
      return fresh;
    }
  }

  /** The generation that serves from now on, or still: whatever else was prepared is forgotten. */
  public void follow(ProxyConfig config, Staples staples) {
    settings = Optional.of(config.tls().ocsp());
    if (identities.isEmpty()) {
      return;
    }
    Set<String> kept = new HashSet<>();
    staples.forEach(
        (digest, staple) -> {
          StapledIdentity identity = identities.get(digest);
          if (identity != null && staple.applicable()) {
            kept.add(digest);
            identity.servedAs(staple);
          }
        });
    identities.keySet().retainAll(kept);
    tidy(config.tls().ocsp().cacheDirectory(), kept);
  }

  private void tidy(Path directory, Set<String> kept) {
    try {
      threads.execute(() -> source.retain(directory, kept));
    } catch (RejectedExecutionException e) {
      LOG.debug("closed in the meantime", e);
    }
  }

  /** What is due by the clock: ends of responses, and fetches. */
  void tick() {
    Instant now = clock.instant();
    for (StapledIdentity due : takeDue(now)) {
      due.expire(now);
      if (kept(due) && due.fetchDue(now)) {
        refresh(due);
      }
    }
  }

  /**
   * Asks the responders of some certificates at once, as an operator wishes; returns when all have
   * answered, or after the timeout.
   */
  public RefreshReport refreshNow(Predicate<Identity> which) {
    responders.trustAgain();
    List<CompletableFuture<Boolean>> asked = new ArrayList<>();
    for (StapledIdentity identity : identities.values()) {
      if (which.test(identity.identity())) {
        refresh(identity).ifPresent(asked::add);
      }
    }
    await(asked, settings.map(TlsConfig.Ocsp::timeout).orElse(Duration.ZERO));
    int refreshed = (int) asked.stream().filter(future -> future.getNow(false)).count();
    int pending = (int) asked.stream().filter(future -> !future.isDone()).count();
    return new RefreshReport(asked.size(), refreshed, asked.size() - refreshed - pending, pending);
  }

  /** What is known of an identity's response; empty where it can have none. */
  public Optional<StapleFacts> facts(Identity identity) {
    return Optional.ofNullable(identities.get(identity.digest())).map(StapledIdentity::facts);
  }

  /** The responses in use, by the digest of their identity, for a process that takes over. */
  public Map<String, byte[]> handOver() {
    Map<String, byte[]> responses = new HashMap<>();
    identities.forEach(
        (digest, identity) ->
            identity.inUse().ifPresent(response -> responses.put(digest, response.encoded())));
    return responses;
  }

  /** For metrics. */
  public void fetches(FetchCountReader reader) {
    counts.forEach(reader);
  }

  /** By certificate: when the first of its responses ends, and how many it is not served for. */
  public Map<String, Standing> standing() {
    Map<String, Standing> standing = new HashMap<>();
    for (StapledIdentity identity : identities.values()) {
      standing.merge(
          identity.certificate(),
          new Standing(identity.inUseUntil(), identity.held() ? 1 : 0),
          Standing::and);
    }
    return standing;
  }

  @Override
  public void close() {
    threads.close();
    source.close();
  }

  // ---- on the threads that fetch

  /** From the disk, and from the responder where that does not suffice. */
  private void provide(StapledIdentity identity, TlsConfig.Ocsp ocsp) {
    Optional<StatusResponse> kept = source.kept(ocsp.cacheDirectory(), identity.identity());
    if (kept.isPresent()) {
      Instant now = clock.instant();
      int percent = ocsp.refreshAtPercent();
      identity.found(kept.get(), plan.afterResponse(kept.get(), percent, now));
      if (now.isBefore(RefreshPlan.wanted(kept.get(), percent))) {
        over(identity, true);
        return;
      }
    }
    ask(identity, ocsp);
  }

  private void ask(StapledIdentity identity, TlsConfig.Ocsp ocsp) {
    Instant began = clock.instant();
    Optional<Instant> leftAlone = responders.leftAloneUntil(identity.responder(), began);
    if (leftAlone.isPresent()) {
      identity.failed("the responder is left alone for a while, since it did not answer others");
      identity.tryAgainAt(leftAlone.get());
      over(identity, false);
      return;
    }
    StatusAnswer answer = source.ask(identity.identity(), ocsp.timeout());
    Instant now = clock.instant();
    boolean good;
    if (answer instanceof StatusAnswer.Verified verified) {
      responders.answered(identity.responder());
      good = accept(identity, verified.response(), ocsp, now);
    } else if (answer instanceof StatusAnswer.Failed failed) {
      if (failed.failure() == Failure.UNREACHABLE) {
        responders.failed(identity.responder(), identity.certificate(), failed.detail(), now);
      }
      refused(identity, failed.failure().label(), failed.detail(), now);
      good = false;
    } else {
      throw new AssertionError(answer);
    }
    over(identity, good);
  }

  private boolean accept(
      StapledIdentity identity, StatusResponse response, TlsConfig.Ocsp ocsp, Instant now) {
    String result = response.status().label();
    if (response.status() == CertificateStatus.UNKNOWN) {
      // Stapled it would only keep clients out; a responder may know the certificate a bit later.
      refused(identity, result, "the responder does not know the certificate", now);
      return false;
    }
    counts.count(identity.certificate(), result);
    identity.found(response, plan.afterResponse(response, ocsp.refreshAtPercent(), now));
    if (kept(identity)) {
      source.keep(ocsp.cacheDirectory(), identity.identity(), response);
    }
    return true;
  }

  private void refused(StapledIdentity identity, String result, String detail, Instant now) {
    counts.count(identity.certificate(), result);
    int failures = identity.failed(detail);
    // Of responders that are down their own record tells, once for all certificates.
    if (failures == 1 && !result.equals(Failure.UNREACHABLE.label()) && allowance.permits()) {
      LOG.warn("certificate \"{}\": no OCSP response: {}", identity.certificate(), detail);
    }
    identity.tryAgainAt(plan.afterFailure(failures, now));
  }

  private void over(StapledIdentity identity, boolean good) {
    enqueue(identity);
    identity.ended(good);
  }

  // ---- the queue

  private Optional<CompletableFuture<Boolean>> refresh(StapledIdentity identity) {
    Optional<CompletableFuture<Boolean>> begun = identity.begin();
    if (begun.isEmpty()) {
      return identity.underWay();
    }
    settings.ifPresent(ocsp -> submit(() -> ask(identity, ocsp), identity));
    return begun;
  }

  private void submit(Runnable fetch, StapledIdentity identity) {
    try {
      threads.execute(
          () -> {
            try {
              fetch.run();
            } catch (RuntimeException | Error e) {
              LOG.error("an OCSP fetch failed by a fault of the proxy", e);
              refused(
                  identity, Failure.UNASKABLE.label(), "the proxy failed: " + e, clock.instant());
              over(identity, false);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("closed in the meantime", e);
      identity.ended(false);
    }
  }

  private boolean kept(StapledIdentity identity) {
    return identities.get(identity.identity().digest()) == identity;
  }

  private void enqueue(StapledIdentity identity) {
    synchronized (queue) {
      identity.nextFetch().ifPresent(at -> queue.add(new Due(at, identity)));
      // Apart, since a fetch may be under way when the response ends.
      identity.inUseUntil().ifPresent(at -> queue.add(new Due(at, identity)));
    }
  }

  private List<StapledIdentity> takeDue(Instant now) {
    List<StapledIdentity> due = new ArrayList<>();
    synchronized (queue) {
      while (!queue.isEmpty() && !queue.peek().at().isAfter(now)) {
        due.add(queue.poll().identity());
      }
    }
    return due;
  }

  private static void await(Collection<CompletableFuture<Boolean>> all, Duration atMost) {
    try {
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn(
          "{} of {} OCSP responses have not come within {} s; serving goes on without them",
          all.stream().filter(future -> !future.isDone()).count(),
          all.size(),
          atMost.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the proxy is being closed
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes one count of fetches. */
  @FunctionalInterface
  public interface FetchCountReader {
    void read(String certificate, String result, long count);
  }

  /**
   * How a configured certificate stands.
   *
   * @param firstEnd when the first of its responses in use ends
   * @param held identities that are not served for want of a response
   */
  public record Standing(Optional<Instant> firstEnd, int held) {
    Standing and(Standing other) {
      Optional<Instant> first =
          firstEnd.isEmpty()
                  || (other.firstEnd.isPresent() && other.firstEnd.get().isBefore(firstEnd.get()))
              ? other.firstEnd
              : firstEnd;
      return new Standing(first, held + other.held);
    }
  }

  private record Due(Instant at, StapledIdentity identity) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return at.compareTo(other.at);
    }
  }
}
