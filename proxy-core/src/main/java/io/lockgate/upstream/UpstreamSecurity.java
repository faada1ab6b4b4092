package io.lockgate.upstream;

import io.lockgate.tls.UpstreamTls;
import io.lockgate.tls.UpstreamTlsListener;

/** TLS towards the servers of an upstream, and who hears of it. */
public record UpstreamSecurity(UpstreamTls tls, UpstreamTlsListener listener) {}
