package io.lockgate.admin;

import io.lockgate.alert.AlertReport;
import io.lockgate.proxy.Proxy;
import io.lockgate.proxy.ReloadReport;
import io.lockgate.staple.RefreshReport;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Which path and method is answered how. A path has exactly one method: what reads never changes
 * anything, what changes is never reached by a read. Runs on the workers of the admin endpoint.
 */
final class Endpoints {
  /** Where the dashboard gets its news. */
  static final String EVENTS = "/events";

  private static final String DRAIN = "/drain";
  private static final List<String> SERVER_STATES = List.of("ready", "drain", "maintenance");

  /** Of a hundred thousand hosts nobody reads more; the fastest to burn come first. */
  private static final int MOST_LEVELS = 1_000;

  private final AdminSources sources;
  private final Clock clock;
  private final PrometheusText text = new PrometheusText();
  private final Map<String, Endpoint> byPath = new LinkedHashMap<>();

  private final Dashboard dashboard;
  private final DashboardFiles files = new DashboardFiles();

  Endpoints(AdminSources sources, Clock clock, Dashboard dashboard) {
    this.sources = sources;
    this.clock = clock;
    this.dashboard = dashboard;
    SilenceOrders silences = new SilenceOrders(sources);
    reads("/", "the dashboard", request -> files.page(200, request));
    reads("/endpoints", "this list", request -> endpoints());
    reads(EVENTS, "what the dashboard shows, every two seconds", request -> onlyHead());
    reads("/history", "an hour of traffic; ?host=", this::history);
    reads("/livez", "whether the event loops turn", request -> live());
    reads("/readyz", "whether requests are welcome", request -> ready());
    reads("/metrics", "Prometheus or OpenMetrics text", this::metrics);
    reads("/stats", "the same as JSON, with percentiles", request -> stats());
    reads("/config", "effective configuration", request -> configuration());
    reads("/hosts", "hosts and their routes", request -> hosts());
    reads("/upstreams", "upstreams and their servers", request -> upstreams());
    reads("/certificates", "certificates and what is wrong with them", request -> certificates());
    reads("/handshakes", "failed handshakes; ?host= ?reason= ?address=", this::handshakes);
    reads("/clients", "what clients speak, over 24 hours; ?host=", this::clients);
    reads("/connections", "open connections", request -> connections());
    reads("/alerts", "what fires, and burn rates; ?host=", this::alerts);
    reads("/reloads", "recent reloads", request -> reloads());
    changes("/reload", "reads and applies the configuration", request -> reload());
    changes("/upgrade", "hands over to a new process", request -> upgrade());
    changes(DRAIN, "stops accepting and finishes", request -> drain());
    changes("/tickets/rotate", "makes a new session ticket key; {\"forget\": true}", this::rotate);
    changes(ServerPath.PATTERN, "{\"state\"}: ready, drain or maintenance", this::serverState);
    changes(
        "/ocsp/refresh", "{\"certificate\"} or all: asks OCSP responders", this::refreshStaples);
    changes("/silences", "{\"match\", \"for\", \"comment\"}", silences::add);
    changes("/silences/end", "{\"id\"}: tells of them again", silences::end);
    changes("/log-level", "{\"logger\", \"level\"}", this::logLevel);
  }

  private void reads(String path, String help, Function<AdminRequest, AdminResponse> answer) {
    byPath.put(path, new Endpoint(path, help, true, answer));
  }

  private void changes(String path, String help, Function<AdminRequest, AdminResponse> answer) {
    byPath.put(path, new Endpoint(path, help, false, answer));
  }

  /**
   * Whether a request changes something and may take its time, so that it has to wait for others
   * that do. The order to end is none: it must come through while a reload hangs.
   */
  boolean takesTime(AdminRequest request) {
    return !request.reads() && !request.path().equals(DRAIN);
  }

  AdminResponse answer(AdminRequest request) {
    if (DashboardFiles.holds(request.path()) && request.reads()) {
      return files.find(request).orElseGet(Endpoints::unknownPath);
    }
    String path = ServerPath.of(request.path()).isPresent() ? ServerPath.PATTERN : request.path();
    Endpoint endpoint = byPath.get(path);
    if (endpoint == null) {
      return unknownPath();
    }
    if (endpoint.reads() ? !request.reads() : !request.method().equals("POST")) {
      String allowed = endpoint.reads() ? "GET, HEAD" : "POST";
      return AdminResponse.error(405, "wrong method", request.path() + " takes " + allowed)
          .with("Allow", allowed);
    }
    return endpoint.answer().apply(request);
  }

  private static AdminResponse unknownPath() {
    return AdminResponse.error(
        404, "no such path", "GET /endpoints lists what there is; paths are compared as they are");
  }

  /** What a person's browser gets who has to give the token first; the page asks for it. */
  AdminResponse pageThatAsksForToken(AdminRequest request) {
    return files.page(401, request);
  }

  private AdminResponse endpoints() {
    return AdminResponse.json(
        200,
        new Documents.EndpointList(
            byPath.values().stream()
                .map(
                    e -> new Documents.EndpointHelp(e.reads() ? "GET" : "POST", e.path(), e.help()))
                .toList()));
  }

  /** GET is answered by a stream, before it comes to this. */
  private static AdminResponse onlyHead() {
    return new AdminResponse(200, LiveFeed.TYPE, new byte[0], Map.of());
  }

  private AdminResponse history(AdminRequest request) {
    Optional<String> host = request.parameter("host").filter(name -> !name.isEmpty());
    return AdminResponse.json(
        200, dashboard.points(host).orElseGet(() -> TrafficSeries.Points.none(host)));
  }

  private AdminResponse live() {
    return sources.loopsTurning()
        ? AdminResponse.text(200, "ok\n")
        : AdminResponse.error(503, "an event loop does not turn", "take a thread dump: kill -QUIT");
  }

  private AdminResponse ready() {
    Proxy.State state = sources.state();
    return state == Proxy.State.READY
        ? AdminResponse.text(200, "ok\n")
        : AdminResponse.error(503, Documents.lower(state), "send requests to another instance");
  }

  private AdminResponse metrics(AdminRequest request) {
    return text.render(sources.scrape(), request.field(HttpHeaderNames.ACCEPT));
  }

  private AdminResponse stats() {
    Documents.State state = state();
    return AdminResponse.json(
        200,
        new Documents.Stats(
            clock.instant(),
            state.version(),
            state.state(),
            state.generation(),
            Documents.Stats.metrics(sources.metrics())));
  }

  private AdminResponse configuration() {
    return AdminResponse.json(
        200, new Documents.Configuration(sources.generation(), sources.settings()));
  }

  private AdminResponse hosts() {
    return AdminResponse.json(200, new Documents.Hosts(sources.hosts()));
  }

  private AdminResponse upstreams() {
    return AdminResponse.json(
        200, UpstreamLatencies.in(sources.metrics()).beside(sources.upstreams()));
  }

  private AdminResponse certificates() {
    return AdminResponse.json(200, new Documents.Certificates(sources.certificates()));
  }

  private AdminResponse handshakes(AdminRequest request) {
    return AdminResponse.json(
        200,
        new Documents.Handshakes(
            sources.failedHandshakes().stream()
                .filter(failed -> asked(request, "host", failed.host()))
                .filter(failed -> asked(request, "reason", failed.reason()))
                .filter(failed -> asked(request, "address", failed.clientAddress()))
                .toList()));
  }

  private AdminResponse clients(AdminRequest request) {
    return AdminResponse.json(
        200,
        new Documents.Clients(
            sources.clients().stream()
                .filter(report -> asked(request, "host", report.host()))
                .toList()));
  }

  private AdminResponse alerts(AdminRequest request) {
    AlertReport all = sources.alerts();
    return AdminResponse.json(
        200,
        new AlertReport(
            all.time(),
            all.state(),
            all.alerts().stream()
                .filter(alert -> asked(request, "host", alert.labels().getOrDefault("host", "")))
                .toList(),
            all.levels().stream()
                .filter(level -> asked(request, "host", level.host()))
                .limit(MOST_LEVELS)
                .toList(),
            all.silences(),
            all.webhook(),
            all.unwatchedHosts()));
  }

  private static boolean asked(AdminRequest request, String name, String value) {
    return request.parameter(name).map(value::equals).orElse(true);
  }

  private AdminResponse connections() {
    return AdminResponse.json(
        200, new Documents.Connections(sources.listeners(), sources.connections()));
  }

  private AdminResponse reloads() {
    return AdminResponse.json(
        200, new Documents.Reloads(sources.reloads().stream().map(Documents.Reload::of).toList()));
  }

  private AdminResponse reload() {
    ReloadReport report = sources.reload("POST /reload");
    Documents.Reload reload = Documents.Reload.of(report);
    return report.result() == ReloadReport.Result.REJECTED
        ? AdminResponse.json(422, Documents.Rejection.of(reload))
        : AdminResponse.json(200, reload);
  }

  private AdminResponse upgrade() {
    // What writes JSON is loaded at the first answer, and this process may end right after this
    // one.
    AdminResponse.json(200, new Documents.Upgrade(0, ""));
    AdminSources.UpgradeResult result = sources.upgrade();
    return result.done()
        ? AdminResponse.json(200, new Documents.Upgrade(result.pid(), result.version()))
        : AdminResponse.error(409, result.failure(), "this process goes on serving as before");
  }

  private AdminResponse drain() {
    sources.drain();
    return AdminResponse.json(
        200, new Documents.State("draining", sources.version(), sources.generation()));
  }

  private AdminResponse rotate(AdminRequest request) {
    Optional<Boolean> forget = forget(request);
    if (forget.isEmpty()) {
      return AdminResponse.error(
          400, "the body is neither empty nor the object asked for", "{\"forget\": true}");
    }
    return sources
        .rotateTicketKeys(forget.get())
        .map(refusal -> AdminResponse.error(409, refusal.reason(), refusal.hint()))
        .orElseGet(() -> AdminResponse.json(200, state()));
  }

  /** Empty where the body cannot be understood: forgetting less than was meant would be worse. */
  private static Optional<Boolean> forget(AdminRequest request) {
    if (request.body().length == 0) {
      return Optional.of(false);
    }
    Optional<JsonNode> body = Json.readObject(request.body());
    if (body.isEmpty() || body.get().size() > (body.get().has("forget") ? 1 : 0)) {
      return Optional.empty();
    }
    JsonNode forget = body.get().get("forget");
    return forget == null
        ? Optional.of(false)
        : Optional.of(forget).filter(JsonNode::isBoolean).map(JsonNode::asBoolean);
  }

  private AdminResponse serverState(AdminRequest request) {
    Optional<String> state =
        Json.readObject(request.body())
            .flatMap(object -> text(object, "state"))
            .filter(SERVER_STATES::contains);
    if (state.isEmpty()) {
      return AdminResponse.error(
          400, "a state is required", "send {\"state\": STATE} with one of " + SERVER_STATES);
    }
    ServerPath server = ServerPath.of(request.path()).orElseThrow();
    if (!sources.serverState(server.upstream(), server.address(), state.get())) {
      return AdminResponse.error(404, "no such server", "GET /upstreams lists what there is");
    }
    return AdminResponse.json(
        200, new Documents.ServerWish(server.upstream(), server.address(), state.get()));
  }

  private AdminResponse refreshStaples(AdminRequest request) {
    Optional<JsonNode> body = Json.readObject(request.body());
    Optional<String> certificate = body.flatMap(object -> text(object, "certificate"));
    boolean understood =
        request.body().length == 0
            || certificate.isPresent()
            || (body.isPresent() && !body.get().has("certificate"));
    if (!understood) {
      return AdminResponse.error(
          400, "certificate must be a name", "send {\"certificate\": NAME}, or nothing for all");
    }
    Optional<RefreshReport> report = sources.refreshStaples(certificate);
    return report.isPresent()
        ? AdminResponse.json(200, report.get())
        : AdminResponse.error(404, "no such certificate", "GET /certificates lists their names");
  }

  private AdminResponse logLevel(AdminRequest request) {
    Optional<JsonNode> body = Json.readObject(request.body());
    Optional<String> logger = body.flatMap(object -> text(object, "logger"));
    Optional<LogLevel> level =
        body.flatMap(object -> text(object, "level")).flatMap(Endpoints::level);
    if (logger.isEmpty() || level.isEmpty()) {
      String levels =
          Arrays.stream(LogLevel.values()).map(Documents::lower).collect(Collectors.joining(", "));
      return AdminResponse.error(
          400,
          "logger and level are required",
          "send {\"logger\": \"io.lockgate\", \"level\": LEVEL} with one of " + levels);
    }
    sources.logLevel(logger.get(), level.get());
    return AdminResponse.json(
        200, new Documents.LoggerLevel(logger.get(), Documents.lower(level.get())));
  }

  private static Optional<String> text(JsonNode object, String name) {
    return Optional.ofNullable(object.get(name)).filter(JsonNode::isString).map(JsonNode::asString);
  }

  private static Optional<LogLevel> level(String name) {
    return Arrays.stream(LogLevel.values())
        .filter(level -> level.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst();
  }

  private Documents.State state() {
    return new Documents.State(
        Documents.lower(sources.state()), sources.version(), sources.generation());
  }

  /**
   * @param reads whether it answers GET and HEAD; otherwise it takes POST
   */
  record Endpoint(
      String path, String help, boolean reads, Function<AdminRequest, AdminResponse> answer) {}
}
