package io.lockgate.proxy;

import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.ClientAuthCatalog;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says in short sentences what two generations differ in. Pure. */
final class ConfigChanges {
  private static final int MOST_NAMED = 20;

  private ConfigChanges() {}

  static List<String> between(Snapshot previous, Snapshot next) {
    ProxyConfig before = previous.config();
    ProxyConfig after = next.config();
    List<String> changes = new ArrayList<>();
    tell(changes, "certificate", certificates(previous.identities(), next.identities()));
    compare(changes, "client-auth of host", clients(previous.clients()), clients(next.clients()));
    if (before.equals(after)) {
      return changes;
    }
    compare(changes, "listener", listeners(before), listeners(after));
    compare(changes, "upstream", upstreams(before), upstreams(after));
    compare(changes, "host", hosts(before), hosts(after));
    compare(changes, "TLS policy", before.policies(), after.policies());
    section(changes, "tls", before.tls(), after.tls());
    section(changes, "http", before.http(), after.http());
    section(changes, "limits", before.limits(), after.limits());
    section(changes, "access-log", before.accessLog(), after.accessLog());
    section(changes, "alerts", before.alerts(), after.alerts());
    section(changes, "tracing", before.tracing(), after.tracing());
    section(changes, "shutdown", before.drainTimeout(), after.drainTimeout());
    afterRestart(changes, "admin", before.admin(), after.admin());
    afterRestart(changes, "runtime", before.runtime(), after.runtime());
    return changes;
  }

  private static Map<String, Object> listeners(ProxyConfig config) {
    Map<String, Object> byName = new LinkedHashMap<>();
    for (ListenerConfig listener : config.listeners()) {
      byName.put(listener.name(), listener);
    }
    return byName;
  }

  private static Map<String, Object> upstreams(ProxyConfig config) {
    Map<String, Object> byName = new LinkedHashMap<>();
    for (UpstreamConfig upstream : config.upstreams()) {
      byName.put(upstream.name(), upstream);
    }
    return byName;
  }

  private static Map<String, Object> hosts(ProxyConfig config) {
    Map<String, Object> byName = new LinkedHashMap<>();
    for (HostConfig host : config.hosts()) {
      byName.put(host.name().toString(), host);
    }
    return byName;
  }

  private static Map<String, Object> clients(ClientAuthCatalog catalog) {
    Map<String, Object> byName = new LinkedHashMap<>();
    catalog.verifiers().forEach((host, verifier) -> byName.put(host.toString(), verifier));
    return byName;
  }

  /** Without a table of what is compared: there may be very many, of which few have changed. */
  private static List<String> certificates(IdentityCatalog before, IdentityCatalog after) {
    List<String> found = new ArrayList<>();
    for (CertificateEntry entry : after.entries()) {
      Optional<CertificateEntry> old = before.entry(entry.name());
      if (old.isEmpty()) {
        found.add("certificate " + entry.name() + " added");
      } else if (!old.get().identity().equals(entry.identity())) {
        found.add("certificate " + entry.name() + " changed");
      }
    }
    for (CertificateEntry entry : before.entries()) {
      if (after.entry(entry.name()).isEmpty()) {
        found.add("certificate " + entry.name() + " removed");
      }
    }
    return found;
  }

  private static void compare(
      List<String> changes, String kind, Map<String, ?> before, Map<String, ?> after) {
    List<String> found = new ArrayList<>();
    after.forEach(
        (name, value) -> {
          if (!before.containsKey(name)) {
            found.add(kind + " " + name + " added");
          } else if (!value.equals(before.get(name))) {
            found.add(kind + " " + name + " changed");
          }
        });
    before.keySet().stream()
        .filter(name -> !after.containsKey(name))
        .forEach(name -> found.add(kind + " " + name + " removed"));
    tell(changes, kind, found);
  }

  private static void tell(List<String> changes, String kind, List<String> found) {
    changes.addAll(found.subList(0, Math.min(MOST_NAMED, found.size())));
    if (found.size() > MOST_NAMED) {
      changes.add((found.size() - MOST_NAMED) + " further changes of kind " + kind);
    }
  }

  private static void section(List<String> changes, String name, Object before, Object after) {
    if (!before.equals(after)) {
      changes.add(name + " changed");
    }
  }

  private static void afterRestart(List<String> changes, String name, Object before, Object after) {
    if (!before.equals(after)) {
      changes.add(name + " changed; takes effect with the next start");
    }
  }
}
