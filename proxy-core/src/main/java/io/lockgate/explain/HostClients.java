package io.lockgate.explain;

import io.lockgate.tls.TlsFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The clients of one host: a list of what handshakes settled on, seldom longer than five, with a
 * count for each hour. Safe on any thread; nothing is allocated for what was seen before.
 */
final class HostClients {
  static final int MOST_USER_AGENTS = 16;
  private static final int LONGEST_USER_AGENT = 160;

  private final AtomicReference<Kind> kinds = new AtomicReference<>();
  private final Map<String, Program> programs = new ConcurrentHashMap<>();

  /** What handshakes settled on, linked to the next. */
  private static final class Kind {
    final String version;
    final String cipher;
    final String group;
    final String alpn;
    final HourlyCount count = new HourlyCount();
    final Kind next;

    Kind(TlsFacts facts, Kind next) {
      version = facts.version();
      cipher = facts.cipher();
      group = facts.group();
      alpn = facts.alpn();
      this.next = next;
    }

    boolean is(TlsFacts facts) {
      return version.equals(facts.version())
          && cipher.equals(facts.cipher())
          && group.equals(facts.group())
          && alpn.equals(facts.alpn());
    }
  }

  private record Program(long requests, Instant lastSeen) {}

  /** Whether the count found its place; otherwise {@link #admit} makes one. */
  boolean count(TlsFacts facts, long hour) {
    for (Kind kind = kinds.get(); kind != null; kind = kind.next) {
      if (kind.is(facts)) {
        kind.count.add(hour);
        return true;
      }
    }
    return false;
  }

  void admit(TlsFacts facts, long hour) {
    Kind first;
    Kind fresh;
    do {
      first = kinds.get();
      fresh = new Kind(facts, first);
    } while (!kinds.compareAndSet(first, fresh)); // two at once are added up by the report
    fresh.count.add(hour);
  }

  /** A request over TLS 1.2; sampled, so it may allocate. */
  void tls12(String userAgent, long requests, Instant now) {
    String name =
        userAgent.length() > LONGEST_USER_AGENT
            ? userAgent.substring(0, LONGEST_USER_AGENT)
            : userAgent;
    Program known = programs.get(name);
    long before = known == null ? 0 : known.requests;
    if (known == null && programs.size() >= MOST_USER_AGENTS) {
      before = makeRoom(now);
    }
    programs.put(name, new Program(before + requests, now));
  }

  /**
   * The one that was seen least gives way, and its successor takes over its count: so whoever comes
   * often stays, whatever comes in between. Answers that count, at most an overestimate.
   */
  private long makeRoom(Instant now) {
    Instant yesterday = now.minusSeconds(86_400);
    Map.Entry<String, Program> least =
        programs.entrySet().stream()
            .min(
                Comparator.comparing(
                        (Map.Entry<String, Program> e) -> e.getValue().lastSeen.isAfter(yesterday))
                    .thenComparing(e -> e.getValue().requests))
            .orElseThrow();
    programs.remove(least.getKey());
    return least.getValue().lastSeen.isAfter(yesterday) ? least.getValue().requests : 0;
  }

  ClientReport report(String host, Instant now) {
    long hour = now.getEpochSecond() / 3_600;
    List<Kind> all = new ArrayList<>();
    for (Kind kind = kinds.get(); kind != null; kind = kind.next) {
      if (kind.count.sum(hour) > 0) {
        all.add(kind);
      }
    }
    Map<String, Long> versions = by(all, hour, kind -> kind.version);
    Map<String, Long> groups = by(all, hour, kind -> kind.group);
    long handshakes = versions.values().stream().mapToLong(n -> n).sum();
    long grouped = groups.values().stream().mapToLong(n -> n).sum();
    long quantum =
        groups.entrySet().stream()
            .filter(entry -> entry.getKey().contains("MLKEM"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    long tls12 = versions.getOrDefault("TLSv1.2", 0L);
    return new ClientReport(
        host,
        handshakes,
        versions,
        by(all, hour, kind -> kind.cipher),
        groups,
        by(all, hour, kind -> kind.alpn),
        share(quantum, grouped),
        new ClientReport.Tls12(tls12, share(tls12, handshakes), userAgents(now)));
  }

  private List<ClientReport.UserAgent> userAgents(Instant now) {
    return programs.entrySet().stream()
        .filter(entry -> entry.getValue().lastSeen.isAfter(now.minusSeconds(86_400)))
        .map(
            entry ->
                new ClientReport.UserAgent(
                    entry.getKey(), entry.getValue().requests, entry.getValue().lastSeen))
        .sorted(Comparator.comparing(ClientReport.UserAgent::requests).reversed())
        .toList();
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** What was not agreed on, such as a group in a resumed session of TLS 1.2, is left out. */
  private static Map<String, Long> by(List<Kind> all, long hour, Function<Kind, String> what) {
    Map<String, Long> counts = new TreeMap<>();
    for (Kind kind : all) {
      if (!what.apply(kind).isEmpty()) {
        counts.merge(what.apply(kind), kind.count.sum(hour), Long::sum);
      }
    }
    return counts;
  }
}
