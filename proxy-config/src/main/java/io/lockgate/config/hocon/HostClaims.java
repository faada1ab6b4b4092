package io.lockgate.config.hocon;

import io.lockgate.config.model.HostPattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds names that two hosts claim on the same listener. */
final class HostClaims {
  private final Reading reading;
  private final Set<String> allListeners;
  private final Map<Claim, Holder> holders = new HashMap<>();

  HostClaims(Reading reading, Set<String> allListeners) {
    this.reading = reading;
    this.allListeners = allListeners;
  }

  /**
   * @param node where the name stands
   * @param servedOn empty means all listeners
   */
  void claim(String host, Node node, HostPattern pattern, List<String> servedOn) {
    for (String listener : servedOn.isEmpty() ? allListeners : servedOn) {
      Holder holder = holders.putIfAbsent(new Claim(listener, pattern), new Holder(host, node));
      if (holder != null && holder.node() != node) {
        report(host, node, pattern, holder);
        return; // Once is enough, however many listeners they share.
      }
    }
  }

  private void report(String host, Node node, HostPattern pattern, Holder holder) {
    boolean own = holder.host().equals(host);
    reading.error(
        "duplicate-host",
        node,
        own
            ? "host \"" + host + "\" claims the name " + pattern + " twice"
            : "hosts \"" + holder.host() + "\" and \"" + host + "\" both claim the name " + pattern,
        "the other claim is here"
            + Reading.where(holder.node().origin())
            + (own ? "" : "; keep one, or serve them on different listeners"));
  }

  private record Claim(String listener, HostPattern pattern) {
    /** Written out as every start comes here: what Java makes of a record is made at run time. */
    @Override
    public int hashCode() {
      return listener.hashCode() * 31 + pattern.hashCode();
    }
  }

  private record Holder(String host, Node node) {}
}
