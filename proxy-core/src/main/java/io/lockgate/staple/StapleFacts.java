package io.lockgate.staple;

import java.time.Instant;
import java.util.Optional;

/**
 * The OCSP response of a certificate as it stands.
 *
 * @param state one of good, revoked, missing and stale
 * @param required whether the certificate is served with a response only
 * @param responder its address
 * @param thisUpdate of the response in use, or of the last one
 * @param nextUpdate when that ends
 * @param nextFetch when the responder is asked next
 * @param lastError why the last fetch failed; empty if it did not
 */
public record StapleFacts(
    String state,
    boolean required,
    String responder,
    Optional<Instant> thisUpdate,
    Optional<Instant> nextUpdate,
    Optional<Instant> nextFetch,
    String lastError) {}
