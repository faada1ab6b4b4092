package io.lockgate.config.model;

import java.net.URI;
import java.util.Optional;

/**
 * Spans of requests, in OpenTelemetry's protocol over HTTP.
 *
 * @param endpoint where they are sent; empty means that there is no tracing at all
 * @param samplePercent share of requests whose trace begins here that get a span
 * @param trustClient whether traces that clients have begun are continued, and recorded where they
 *     ask for it
 * @param serviceName what the spans are of
 */
public record TracingConfig(
    Optional<URI> endpoint, double samplePercent, boolean trustClient, String serviceName) {
  /** As it is where nothing was written. */
  public static final TracingConfig OFF = new TracingConfig(Optional.empty(), 1, false, "lockgate");
}
