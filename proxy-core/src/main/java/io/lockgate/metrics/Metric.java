package io.lockgate.metrics;

import java.util.List;

/**
 * Every metric there is: name, kind, meaning and labels. This table is the documentation of the
 * metrics; nothing else may invent one. Names are a promise to dashboards and alert rules.
 *
 * <p>A label {@code host} is a configured host or {@code other}, never what a client sent.
 */
public enum Metric {
  TLS_HANDSHAKES(
      "tls_handshakes_total",
      Kind.COUNTER,
      "TLS handshakes completed with clients.",
      "listener",
      "host",
      "version",
      "resumed"),
  TLS_HANDSHAKE_FAILURES(
      "tls_handshake_failures_total",
      Kind.COUNTER,
      "TLS handshakes with clients that failed, by reason.",
      "listener",
      "host",
      "reason"),
  TLS_CLIENT_AUTH_FAILURES(
      "tls_client_auth_failures_total",
      Kind.COUNTER,
      "Clients refused for their certificate: missing, untrusted, expired, not_yet_valid,"
          + " wrong_purpose, revoked or not_allowed.",
      "host",
      "reason"),
  TLS_HANDSHAKE_DURATION(
      "tls_handshake_duration_seconds",
      Kind.HISTOGRAM,
      "From the first byte of the ClientHello to the end of the handshake.",
      "host",
      "resumed"),
  TLS_NEGOTIATED(
      "tls_negotiated_total",
      Kind.COUNTER,
      "What handshakes settled on; what is cipher, group, alpn or signature.",
      "what",
      "value"),
  TLS_CERTIFICATE_NOT_BEFORE(
      "tls_certificate_not_before_timestamp_seconds",
      Kind.GAUGE,
      "When the certificate becomes valid.",
      "certificate"),
  TLS_CERTIFICATE_NOT_AFTER(
      "tls_certificate_not_after_timestamp_seconds",
      Kind.GAUGE,
      "When the certificate expires.",
      "certificate"),
  OCSP_STAPLES(
      "ocsp_staples_total",
      Kind.COUNTER,
      "Full handshakes whose client asked for an OCSP response, by what it got: stapled, missing,"
          + " stale or not_applicable.",
      "certificate",
      "result"),
  OCSP_FETCHES(
      "ocsp_fetches_total",
      Kind.COUNTER,
      "Questions put to OCSP responders: good, revoked, unknown, unreachable, refused, invalid or"
          + " unaskable.",
      "certificate",
      "result"),
  OCSP_NEXT_UPDATE(
      "ocsp_response_next_update_timestamp_seconds",
      Kind.GAUGE,
      "When the OCSP response in use ends; of a directory of certificates the first one to end.",
      "certificate"),
  OCSP_REQUIRED_MISSING(
      "ocsp_required_missing",
      Kind.GAUGE,
      "Certificates that are not served, since they must not be without an OCSP response and there"
          + " is no valid one.",
      "certificate"),
  TLS_CLOSES(
      "tls_closes_total",
      Kind.COUNTER,
      "TLS connections that ended, by whose they were and how they ended.",
      "side",
      "how"),
  TLS_CPU(
      "tls_cpu_seconds_total",
      Kind.COUNTER,
      "Processor time spent on TLS with clients, an estimate by samples; phase is handshake (with"
          + " the worker threads) or records.",
      "phase"),
  TLS_TICKET_KEYS(
      "tls_ticket_keys", Kind.GAUGE, "Session ticket keys in use: current or accepted.", "state"),
  TLS_TICKET_KEY_AGE(
      "tls_ticket_key_age_seconds", Kind.GAUGE, "Age of the current session ticket key."),
  HTTP_REQUESTS(
      "http_requests_total",
      Kind.COUNTER,
      "Requests answered, or given up by the client (code 499).",
      "host",
      "protocol",
      "method",
      "code"),
  HTTP_WEBSOCKETS(
      "http_websockets", Kind.GAUGE, "WebSockets open; each is a request in flight, too."),
  HTTP_REQUESTS_IN_FLIGHT(
      "http_requests_in_flight", Kind.GAUGE, "Requests that have begun and not ended."),
  HTTP_REQUEST_DURATION(
      "http_request_duration_seconds",
      Kind.HISTOGRAM,
      "From the request head to the end of the response.",
      "host"),
  HTTP_REQUEST_BYTES(
      "http_request_bytes_total", Kind.COUNTER, "Request content received from clients.", "host"),
  HTTP_RESPONSE_BYTES(
      "http_response_bytes_total", Kind.COUNTER, "Response content sent to clients.", "host"),
  HTTP_REJECTED_REQUESTS(
      "http_rejected_requests_total",
      Kind.COUNTER,
      "Requests refused before they were forwarded: the head breaks a rule, or a limit on requests"
          + " or on memory is reached.",
      "reason"),
  UPSTREAM_REQUESTS(
      "upstream_requests_total",
      Kind.COUNTER,
      "Attempts at servers; result is a class of status such as 2xx, or a failure.",
      "upstream",
      "server",
      "result"),
  UPSTREAM_REJECTED_RESPONSES(
      "upstream_rejected_responses_total",
      Kind.COUNTER,
      "Responses of servers that broke a rule of HTTP; none of them was passed on whole.",
      "upstream",
      "reason"),
  UPSTREAM_DURATION(
      "upstream_duration_seconds",
      Kind.HISTOGRAM,
      "From the request handed to a server to the end of its response.",
      "upstream"),
  UPSTREAM_RETRIES(
      "upstream_retries_total", Kind.COUNTER, "Attempts after the first one.", "upstream"),
  UPSTREAM_HEALTHY(
      "upstream_healthy",
      Kind.GAUGE,
      "1 while the server is thought to answer, 0 otherwise.",
      "upstream",
      "server"),
  UPSTREAM_EJECTIONS(
      "upstream_ejections_total",
      Kind.COUNTER,
      "How often the server was left out because of what it did to requests.",
      "upstream",
      "server"),
  UPSTREAM_HEALTH_CHECKS(
      "upstream_health_checks_total",
      Kind.COUNTER,
      "Health checks of the upstream's servers; result is good or bad.",
      "upstream",
      "result"),
  UPSTREAM_CONNECTIONS(
      "upstream_connections",
      Kind.GAUGE,
      "Connections to the server: active, idle; waiting counts requests that wait for one and"
          + " belong to no server yet.",
      "upstream",
      "server",
      "state"),
  UPSTREAM_TLS_HANDSHAKES(
      "upstream_tls_handshakes_total",
      Kind.COUNTER,
      "TLS handshakes with servers; result is ok, verify_failed, handshake_failed or timeout;"
          + " resumed is full, ticket (TLS 1.3) or cache (TLS 1.2).",
      "upstream",
      "result",
      "resumed"),
  PASSTHROUGH_BYTES(
      "passthrough_bytes_total",
      Kind.COUNTER,
      "Bytes forwarded for hosts in the modes passthrough and tcp; direction is in (from clients) or"
          + " out (to clients).",
      "host",
      "direction"),
  RELAYS(
      "relays",
      Kind.GAUGE,
      "Connections of hosts in the modes passthrough and tcp that are open.",
      "host",
      "mode"),
  RELAYS_TOTAL(
      "relays_total",
      Kind.COUNTER,
      "The same that have ended; result is closed, client_broke_off, server_broke_off,"
          + " client_closed, idle_timeout, drained, or why no server was reached.",
      "host",
      "mode",
      "result"),
  CONNECTIONS(
      "connections", Kind.GAUGE, "Client connections as they stand: open.", "listener", "state"),
  CONNECTIONS_TOTAL("connections_total", Kind.COUNTER, "Client connections accepted.", "listener"),
  CONNECTIONS_REFUSED(
      "connections_refused_total",
      Kind.COUNTER,
      "Client connections closed at once, before any other work.",
      "listener",
      "reason"),
  CONFIG_GENERATION("config_generation", Kind.GAUGE, "Generation of configuration that serves."),
  CONFIG_RELOADS(
      "config_reloads_total",
      Kind.COUNTER,
      "Reloads of the configuration: applied, unchanged or rejected.",
      "result"),
  CONFIG_LAST_RELOAD_SUCCESSFUL(
      "config_last_reload_successful",
      Kind.GAUGE,
      "1 if the last reload, or the start, was accepted, 0 if it was rejected."),
  CONFIG_LAST_RELOAD_SUCCESS(
      "config_last_reload_success_timestamp_seconds",
      Kind.GAUGE,
      "When a configuration was accepted last."),
  ACCESS_LOG_DROPPED(
      "access_log_dropped_total",
      Kind.COUNTER,
      "Lines of the access log that were lost because the writer fell behind."),
  ACCESS_LOG_WRITE_ERRORS(
      "access_log_write_errors_total",
      Kind.COUNTER,
      "Writes to the access log that failed; the lines in them are lost."),
  EVENT_LOOP_LAG(
      "event_loop_lag_seconds",
      Kind.HISTOGRAM,
      "How much later than due a timer fires on an event loop."),
  MEMORY_DIRECT("memory_direct_bytes", Kind.GAUGE, "Memory outside the heap held by buffers."),
  MEMORY_PRESSURE(
      "memory_pressure_ratio",
      Kind.GAUGE,
      "Memory in use as a share of what may be used; from 1 on new connections are refused."),
  MEMORY_CEILING(
      "memory_ceiling_bytes", Kind.GAUGE, "What the process may use, as limits.memory says."),
  MEMORY_CLOSED_CONNECTIONS(
      "memory_closed_connections_total",
      Kind.COUNTER,
      "Client connections closed because memory was used up."),
  ALERTS(
      "alerts",
      Kind.GAUGE,
      "Alerts that fire; severity is page or ticket, state is firing, or silenced in times of"
          + " maintenance.",
      "alert",
      "severity",
      "state"),
  BURN_RATE(
      "burn_rate",
      Kind.GAUGE,
      "How many times faster than its objective allows a host fails; level is handshakes or requests,"
          + " window is 5m, 30m, 1h or 6h. Of hosts that had failures within six hours.",
      "host",
      "level",
      "window"),
  ALERT_NOTIFICATIONS(
      "alert_notifications_total",
      Kind.COUNTER,
      "Posts to the webhook of alerts: sent, or failed and tried again later.",
      "result"),
  TRACE_SPANS(
      "trace_spans_total",
      Kind.COUNTER,
      "Spans for OpenTelemetry: sent, dropped as too many waited, or failed at the collector.",
      "result"),
  BUILD_INFO("build_info", Kind.GAUGE, "Always 1; which build runs.", "version", "java"),
  JVM_MEMORY_USED("jvm_memory_used_bytes", Kind.GAUGE, "Memory that the JVM uses.", "area"),
  JVM_MEMORY_COMMITTED(
      "jvm_memory_committed_bytes", Kind.GAUGE, "Memory that the JVM has reserved.", "area"),
  JVM_MEMORY_MAX("jvm_memory_max_bytes", Kind.GAUGE, "Most memory that the JVM will use.", "area"),
  JVM_GC("jvm_gc_collection_seconds", Kind.SUMMARY, "Time spent in garbage collection.", "gc"),
  JVM_THREADS("jvm_threads_current", Kind.GAUGE, "Threads of the JVM."),
  PROCESS_CPU("process_cpu_seconds_total", Kind.COUNTER, "Processor time, user and system."),
  PROCESS_START_TIME("process_start_time_seconds", Kind.GAUGE, "When the process started."),
  PROCESS_OPEN_FDS("process_open_fds", Kind.GAUGE, "Open file descriptors."),
  PROCESS_MAX_FDS("process_max_fds", Kind.GAUGE, "Most file descriptors that may be open."),
  PROCESS_RESIDENT_MEMORY(
      "process_resident_memory_bytes", Kind.GAUGE, "Resident memory of the process.");

  private static final String PREFIX = "lockgate_";

  private final String name;
  private final Kind kind;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> labels;

  Metric(String name, Kind kind, String help, String... labels) {
    this.name = name.startsWith("jvm_") || name.startsWith("process_") ? name : PREFIX + name;
    this.kind = kind;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** As in the Prometheus text; what the whole ecosystem calls jvm_ and process_ keeps its name. */
  public String metricName() {
    return name;
  }

  public Kind kind() {
    return kind;
  }

  public String help() {
    return help;
  }

  /** Label names, in the order of the values of {@link MetricPoint#labelValues}. */
  public List<String> labels() {
    return labels;
  }

  /** The base unit, or empty for plain numbers. */
  public String unit() {
    String base = name.endsWith("_total") ? name.substring(0, name.length() - 6) : name;
    if (base.endsWith("_seconds")) {
      return "seconds";
    }
    return base.endsWith("_bytes") ? "bytes" : "";
  }

  /** What a metric's values mean. */
  public enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    /** A count and a sum without buckets. */
    SUMMARY
  }
}
