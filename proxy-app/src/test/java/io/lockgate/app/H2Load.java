package io.lockgate.app;

import io.lockgate.testkit.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A run of {@code h2load} against the listener {@code https}, as {@code www.example.com}. */
final class H2Load {
  private static final Pattern REQUESTS =
      Pattern.compile(
          "requests: (\\d+) total, (\\d+) started, (\\d+) done, (\\d+) succeeded,"
              + " (\\d+) failed, (\\d+) errored, (\\d+) timeout");
  private static final Pattern STATUS = Pattern.compile("status codes: (\\d+) 2xx");

  private final List<String> line = new ArrayList<>();
  private List<String> program = List.of("h2load");

  private H2Load(int port, String path, int clients) {
    line.addAll(List.of("-c", "" + clients, "-t", "1", "--connect-to", "127.0.0.1:" + port));
    line.add("https://www.example.com:" + port + path);
  }

  static H2Load of(int port, String path, int clients) {
    return new H2Load(port, path, clients);
  }

  H2Load requests(int count) {
    line.addAll(0, List.of("-n", "" + count));
    return this;
  }

  H2Load http1() {
    line.add(0, "--h1");
    return this;
  }

  /** HTTP/2 with this many requests at a time on each connection. */
  H2Load http2(int streams) {
    line.addAll(0, List.of("-m", "" + streams));
    return this;
  }

  /** Leaves the processor to everybody else who wants it; asks on and on all the same. */
  H2Load yielding() {
    program = List.of("nice", "-n", "19", "h2load");
    return this;
  }

  Command.Running start() {
    List<String> arguments = new ArrayList<>(program.subList(1, program.size()));
    arguments.addAll(line);
    return Command.of(program.get(0), arguments.toArray(String[]::new))
        .atMost(Duration.ofMinutes(3))
        .start();
  }

  Outcome run() {
    return outcome(start());
  }

  static Outcome outcome(Command.Running run) {
    Command.Result result = run.result();
    Matcher requests = REQUESTS.matcher(result.output());
    Matcher status = STATUS.matcher(result.output());
    if (!requests.find() || !status.find()) {
      throw new AssertionError(result.toString());
    }
    return new Outcome(
        Long.parseLong(requests.group(1)),
        Long.parseLong(requests.group(2)),
        Long.parseLong(requests.group(4)),
        Long.parseLong(requests.group(5)) + Long.parseLong(requests.group(7)),
        Long.parseLong(status.group(1)),
        result.output());
  }

  /**
   * What h2load says about its requests.
   *
   * @param failed failed, errored (which h2load counts as failed, too) or timed out
   * @param good answered with a status of 2xx
   */
  record Outcome(long total, long started, long succeeded, long failed, long good, String report) {}
}
