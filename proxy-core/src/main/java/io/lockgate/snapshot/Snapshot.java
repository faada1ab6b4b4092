package io.lockgate.snapshot;

import io.lockgate.config.model.ProxyConfig;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.upstream.UpstreamPool;
import java.util.Map;

/**
 * One generation of the whole running proxy, built off the event loops and published as one value.
 * Immutable.
 *
 * @param listeners what each listener serves, by its name
 * @param pools by the upstream's name; shared with other generations where their configuration is
 *     equal
 */
public record Snapshot(
    long generation,
    ProxyConfig config,
    IdentityCatalog identities,
    Map<String, ListenerHosts> listeners,
    Map<String, UpstreamPool> pools) {}
