package io.lockgate.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The proxy as an operator runs it: the distribution's launcher, a configuration file, a child
 * process in the foreground. It is only ever spoken to by signals, by its admin endpoint and by its
 * listeners. Closing ends it and fails the test if a buffer leaked or if it did not end well.
 */
public final class LockgateProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("(?m)^.*lockgate \\S+ ready in \\d+ ms:.*$");
  private static final Pattern PORT = Pattern.compile("\\{\\{([a-z0-9-]+)}}");
  private static final long END_SECONDS = 60;

  private final Path directory;
  private final Ports ports;
  private final Process process;
  private final ChildOutput output;
  private final ChildOutput errors;
  private int expectedExit;

  private LockgateProcess(Path directory, Ports ports, Process process) {
    this.directory = directory;
    this.ports = ports;
    this.process = process;
    this.output = new ChildOutput("lockgate-stdout", process.getInputStream());
    this.errors = new ChildOutput("lockgate-stderr", process.getErrorStream());
  }

  /**
   * Prepares a proxy whose files stand in {@code directory}.
   *
   * <p>In every configuration text, <code>{{name}}</code> stands for a free port of that name. An
   * admin endpoint on <code>{{admin}}</code> is added unless the text has one.
   */
  public static Builder in(Path directory) {
    return new Builder(directory);
  }

  /** The port that stands for <code>{{name}}</code>. */
  public int port(String name) {
    return ports.of(name);
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Daemon log, the ready line included. */
  public String errors() {
    return errors.text();
  }

  /** The access log, unless it goes to a file. */
  public String output() {
    return output.text();
  }

  /** The line that says that it serves. */
  public String readyLine() {
    return READY.matcher(errors()).results().findFirst().map(MatchResult::group).orElse("");
  }

  public AdminClient admin() {
    return new AdminClient(port("admin"));
  }

  /** Body of a GET on the admin endpoint; fails unless the answer is 200. */
  public String admin(String path) {
    return admin().get(path).expect(200).text();
  }

  /** The sum of all series of a metric whose labels hold every given {@code name="value"}. */
  public double metric(String name, String... labels) {
    return Metrics.parse(admin("/metrics")).sum(name, labels).orElse(0);
  }

  /** Whether a metric has any series with these labels. */
  public OptionalDouble metricIfPresent(String name, String... labels) {
    return Metrics.parse(admin("/metrics")).sum(name, labels);
  }

  /** Replaces the main configuration file; nothing happens until a reload. */
  public LockgateProcess configure(String text) throws IOException {
    writeConfig(directory, ports, text);
    return this;
  }

  /** Where the main configuration stands. */
  public Path configFile() {
    return configFile(directory);
  }

  /** SIGHUP, and waits until {@code /reloads} tells of one more. Answers what it says then. */
  public String reload() {
    String before = admin("/reloads");
    signal("HUP");
    return Patience.until(
        "/reloads shows the reload", () -> admin("/reloads"), now -> !now.equals(before));
  }

  /** The generation that serves. */
  public long generation() {
    return (long) metric("lockgate_config_generation");
  }

  public void signal(String name) {
    Signals.send(process, name);
  }

  /** SIGTERM; {@link #awaitExit} or {@link #close} wait for the end. */
  public void terminate() {
    signal("TERM");
  }

  /** Waits for the end of the process and answers its exit code. */
  public int awaitExit() {
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("did not end within " + END_SECONDS + " s; its log:\n" + errors());
      }
      output.awaitEnd(TimeUnit.SECONDS.toMillis(END_SECONDS));
      errors.awaitEnd(TimeUnit.SECONDS.toMillis(END_SECONDS));
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Says that {@link #close} shall find another exit code than 0. */
  public LockgateProcess expectExit(int code) {
    expectedExit = code;
    return this;
  }

  /** Bytes of memory from {@code /proc}, such as {@code VmHWM} or {@code VmRSS}. */
  public long memory(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    throw new AssertionError("no " + field + " in /proc/" + pid() + "/status");
  }

  /** Ends the process if it still runs, and fails if it leaked or ended badly. */
  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
    }
    int exit = awaitExit();
    if (errors().contains("LEAK:")) {
      throw new AssertionError("a buffer leaked:\n" + errors());
    }
    if (exit != expectedExit) {
      throw new AssertionError(
          "exit " + exit + ", not " + expectedExit + "; its log:\n" + errors());
    }
  }

  private void awaitReady(Duration atMost) {
    Patience.until(
        "the ready line stands in the log",
        atMost,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("exit " + awaitExit() + " instead of ready:\n" + errors());
          }
          return READY.matcher(errors()).find();
        },
        Boolean::booleanValue);
  }

  private static Path configFile(Path directory) {
    return directory.resolve("lockgate.conf");
  }

  private static void writeConfig(Path directory, Ports ports, String text) throws IOException {
    String whole =
        text.contains("admin {") || text.contains("admin.address")
            ? text
            : text + "\nlockgate.admin.address = \"127.0.0.1:{{admin}}\"\n";
    Files.writeString(
        configFile(directory),
        PORT.matcher(whole).replaceAll(m -> Integer.toString(ports.of(m.group(1)))));
  }

  /** Named ports, chosen when first asked for. */
  private static final class Ports {
    private static final FreePorts FREE = new FreePorts();
    private final Map<String, Integer> chosen = new TreeMap<>();

    synchronized int of(String name) {
      return chosen.computeIfAbsent(name, key -> FREE.next());
    }
  }

  /** A proxy about to be started. */
  public static final class Builder {
    private final Path directory;
    private final Ports ports = new Ports();
    private final Map<String, String> environment = new TreeMap<>();
    private List<String> through = List.of();

    /**
     * Most daemons of tests live for some seconds: what the optimizing compiler makes would hardly
     * run before their end, and takes a quarter of all their processor time. Loads say otherwise.
     */
    private String options =
        "-Dio.netty.leakDetection.level=paranoid -Xmx384m -XX:TieredStopAtLevel=1";

    private Builder(Path directory) {
      this.directory = directory;
    }

    /** The port that stands for <code>{{name}}</code>, to be used before the start. */
    public int port(String name) {
      return ports.of(name);
    }

    public Builder config(String text) throws IOException {
      writeConfig(directory, ports, text);
      return this;
    }

    /**
     * Options of the JVM in place of the usual ones: paranoid leak detection, a small heap, no
     * optimizing compiler.
     */
    public Builder options(String jvmOptions) {
      options = jvmOptions;
      return this;
    }

    /**
     * Has another program start it, which is given the launcher and its arguments and is to replace
     * itself by it.
     */
    public Builder through(String... command) {
      through = List.of(command);
      return this;
    }

    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Prepares {@code lockgate COMMAND -c FILE ARGS...} for the configuration written so far. */
    public Command command(String command, String... arguments) {
      String[] line = new String[arguments.length + 3];
      line[0] = command;
      line[1] = "-c";
      line[2] = configFile(directory).toString();
      System.arraycopy(arguments, 0, line, 3, arguments.length);
      Command prepared = Distribution.find().command(line);
      environment.forEach(prepared::environment);
      return prepared;
    }

    /** Starts it and waits until it serves. */
    public LockgateProcess start() throws IOException {
      return start(Patience.USUAL);
    }

    /** The same for one that has much to load. */
    public LockgateProcess start(Duration atMost) throws IOException {
      Distribution distribution = Distribution.find();
      // A shell in the background has its children ignore SIGINT, and nohup SIGHUP; what is
      // ignored at the start stays so for the JVM. env replaces itself: the id is the same.
      List<String> line = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,TERM,USR1"));
      line.addAll(through);
      line.add(distribution.launcher().toString());
      line.addAll(List.of("run", "-c", configFile(directory).toString()));
      ProcessBuilder builder = new ProcessBuilder(line);
      builder.directory(directory.toFile());
      builder.environment().putAll(distribution.environment());
      builder.environment().put("LOCKGATE_OPTS", options);
      builder.environment().putAll(environment);
      LockgateProcess proxy = new LockgateProcess(directory, ports, builder.start());
      try {
        proxy.awaitReady(atMost);
        return proxy;
      } catch (AssertionError e) {
        proxy.process.destroyForcibly();
        throw e;
      }
    }
  }
}
