package io.lockgate.bench;

import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.http.RequestHead;
import io.lockgate.route.Route;
import io.lockgate.route.RouteTable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Finding the route of a checked request among those of its host; all of them are prefixes. */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class RouteMatchBenchmark {
  @Param({"10", "1000"})
  public int routes;

  private RouteTable table;
  private RequestHead first;
  private RequestHead last;
  private RequestHead none;

  @Setup
  public void compile() {
    table =
        RouteTable.compile(
            IntStream.range(0, routes).mapToObj(RouteMatchBenchmark::route).toList(),
            name -> {
              throw new AssertionError(name);
            });
    first = Heads.request(path(0) + "/items");
    last = Heads.request(path(routes - 1) + "/items");
    none = Heads.request("/service/items");
  }

  @Benchmark
  public Optional<Route> firstRoute() {
    return expect(true, first);
  }

  @Benchmark
  public Optional<Route> lastRoute() {
    return expect(true, last);
  }

  @Benchmark
  public Optional<Route> noRoute() {
    return expect(false, none);
  }

  private Optional<Route> expect(boolean served, RequestHead request) {
    Optional<Route> route = table.match(request);
    if (route.isPresent() != served) {
      throw new IllegalStateException(request.target());
    }
    return route;
  }

  private static String path(int number) {
    return "/service/tenant-" + number;
  }

  private static RouteConfig route(int number) {
    return new RouteConfig(
        new RouteConfig.Match.Prefix(path(number)),
        List.of(),
        new RouteAction.RespondWith(200, "", "text/plain"),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        new RequestLimit.Choice.Common(),
        FieldEdits.NONE,
        FieldEdits.NONE);
  }
}
