package io.lockgate.config.hocon;

import io.lockgate.config.model.Origin;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.config.model.RouteConfig.Match;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds routes of one host that can never match, since earlier ones take all their requests. Looks
 * up the few paths above a route's own instead of comparing it with every earlier route.
 */
final class Shadows {
  private final Reading reading;
  private final String host;
  private final Map<Match, Taken> taken = new HashMap<>();

  Shadows(Reading reading, String host) {
    this.reading = reading;
    this.host = host;
  }

  /** Whether the prefix {@code path} matches all that {@code other}, as a prefix or alone, does. */
  static boolean covers(String path, String other) {
    return other.startsWith(path)
        && (other.length() == path.length()
            || path.endsWith("/")
            || other.charAt(path.length()) == '/');
  }

  void check(RouteConfig route, Block block) {
    coveredBy(route)
        .ifPresent(
            earlier ->
                reading.warning(
                    "shadowed-route",
                    block.place().path(),
                    block.origin(),
                    "a route of host \"" + host + "\" can never match",
                    "an earlier route takes all its requests"
                        + Reading.where(earlier)
                        + "; put the more specific one first"));
    taken.computeIfAbsent(route.match(), match -> new Taken(block.origin())).add(route.methods());
  }

  private Optional<Origin> coveredBy(RouteConfig route) {
    Taken sum = new Taken(Origin.BUILT_IN);
    if (addIfTaken(sum, route.match()) && sum.covers(route.methods())) {
      return Optional.of(sum.last);
    }
    String path = pathOf(route.match());
    for (int end = path.length(); end > 0; end--) {
      String above = path.substring(0, end);
      if (covers(above, path)
          && addIfTaken(sum, new Match.Prefix(above))
          && sum.covers(route.methods())) {
        return Optional.of(sum.last);
      }
    }
    return Optional.empty();
  }

  private boolean addIfTaken(Taken sum, Match match) {
    Taken there = taken.get(match);
    if (there == null) {
      return false;
    }
    sum.all |= there.all;
    sum.methods.addAll(there.methods);
    sum.last = there.last;
    return true;
  }

  private static String pathOf(Match match) {
    if (match instanceof Match.Prefix prefix) {
      return prefix.path();
    }
    return match instanceof Match.Exact exact ? exact.path() : "";
  }

  /** The methods that earlier routes take on one match. */
  private static final class Taken {
    private final Set<String> methods = new HashSet<>();
    private boolean all;
    private Origin last;

    Taken(Origin first) {
      this.last = first;
    }

    void add(List<String> more) {
      all |= more.isEmpty();
      methods.addAll(more);
    }

    boolean covers(List<String> wanted) {
      return all || (!wanted.isEmpty() && methods.containsAll(wanted));
    }
  }
}
