package io.lockgate.admin;

import java.time.Instant;
import java.util.Optional;

/**
 * The OCSP response of a certificate, for people and scripts.
 *
 * @param required whether the certificate is served with a response only
 * @param responder its address
 * @param thisUpdate of the response at hand; empty where there is none
 * @param nextUpdate when that response ends
 * @param nextFetch when the responder is asked next
 * @param lastError why the last fetch failed, or empty
 */
public record OcspView(
    boolean required,
    String responder,
    Optional<Instant> thisUpdate,
    Optional<Instant> nextUpdate,
    Optional<Instant> nextFetch,
    String lastError) {}
