package io.lockgate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a program of the machine with a bound on time. A program that is missing fails the test with
 * the name of the Debian package that brings it: nothing is ever skipped.
 */
public final class Command {
  private static final Map<String, String> PACKAGES =
      Map.of(
          "h2load", "nghttp2-client",
          "nghttp", "nghttp2-client",
          "openssl", "openssl",
          "curl", "curl",
          "chromium", "chromium",
          "nginx", "nginx-light",
          "gnutls-cli", "gnutls-bin",
          "sslscan", "sslscan",
          "psql", "postgresql-client");

  private final List<String> line;
  private final Map<String, String> environment = new TreeMap<>();
  private Duration atMost = Duration.ofSeconds(25);
  private Feed feed = out -> {};

  private Command(List<String> line) {
    this.line = line;
  }

  /** Prepares a call; the first word is a program on the path, or a file. */
  public static Command of(String program, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(program.contains("/") ? program : requireTool(program).toString());
    line.addAll(List.of(arguments));
    return new Command(line);
  }

  /** Finds a program, or fails naming the package to install. */
  public static Path requireTool(String program) {
    for (String directory : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(":", -1)) {
      Path candidate = Path.of(directory, program);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw new AssertionError(
        program
            + " is missing; install it: apt-get install "
            + PACKAGES.getOrDefault(program, program));
  }

  /** The same with more arguments at the end. */
  public Command with(String... arguments) {
    line.addAll(List.of(arguments));
    return this;
  }

  public Command atMost(Duration limit) {
    this.atMost = limit;
    return this;
  }

  public Command environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** What the program reads from its standard input. */
  public Command input(Feed source) {
    this.feed = source;
    return this;
  }

  /** Runs to the end. */
  public Result run() {
    return start().result();
  }

  /** Runs to the end and keeps only length and checksum of the standard output. */
  public Bulk.Seen runMeasuringOutput() {
    Running running = start(Bulk::read);
    Bulk.Seen seen = running.output(Bulk.Seen.class);
    Result result = running.result();
    if (result.exit() != 0) {
      throw new AssertionError(result.toString());
    }
    return seen;
  }

  /** Starts and goes on. */
  public Running start() {
    return start(in -> in.readAllBytes());
  }

  private Running start(Drain drain) {
    try {
      ProcessBuilder builder = new ProcessBuilder(line);
      builder.environment().putAll(environment);
      return new Running(this, builder.start(), drain);
    } catch (IOException e) {
      throw new AssertionError("cannot start " + line, e);
    }
  }

  /** Writes the standard input of a program. */
  public interface Feed {
    void to(OutputStream out) throws IOException;
  }

  private interface Drain {
    Object from(InputStream in) throws IOException;
  }

  /** How it ended. */
  public record Result(List<String> line, int exit, String output, String errors) {
    /** Fails unless the program said that all is well. */
    public Result expectSuccess() {
      if (exit != 0) {
        throw new AssertionError(toString());
      }
      return this;
    }

    /** Both outputs. */
    public String all() {
      return output + errors;
    }

    @Override
    public String toString() {
      return String.join(" ", line)
          + "\nexit "
          + exit
          + "\n--- standard output\n"
          + output
          + "\n--- standard error\n"
          + errors;
    }
  }

  /** A program at work. */
  public static final class Running implements AutoCloseable {
    private final Command command;
    private final Process process;
    private final CompletableFuture<Object> output;
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final CompletableFuture<Object> errorsEnd;

    private Running(Command command, Process process, Drain drain) {
      this.command = command;
      this.process = process;
      this.output = reading("stdout", () -> drain.from(process.getInputStream()));
      this.errorsEnd = reading("stderr", () -> process.getErrorStream().transferTo(errors));
      background("stdin", this::feed);
    }

    private void feed() {
      try (OutputStream in = process.getOutputStream()) {
        command.feed.to(in);
      } catch (IOException endedFirst) {
        // A program need not read all of its input.
      }
    }

    public boolean alive() {
      return process.isAlive();
    }

    public long pid() {
      return process.pid();
    }

    /** Sends a signal, such as {@code KILL}. */
    public void signal(String name) {
      Signals.send(process, name);
    }

    /** Waits for the end; a program that takes too long is killed and fails the test. */
    public Result result() {
      try {
        if (!process.waitFor(command.atMost.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly().waitFor();
          throw new AssertionError(
              "took longer than " + command.atMost + ": " + resultOf(process.exitValue()));
        }
        return resultOf(process.exitValue());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }

    private Result resultOf(int exit) {
      Object out = output(Object.class);
      end(errorsEnd);
      String text = out instanceof byte[] bytes ? new String(bytes, UTF_8) : out.toString();
      return new Result(command.line, exit, text, errors.toString(UTF_8));
    }

    private <T> T output(Class<T> type) {
      return type.cast(end(output));
    }

    private Object end(CompletableFuture<Object> reader) {
      try {
        return reader.get(command.atMost.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      } catch (ExecutionException | TimeoutException e) {
        process.destroyForcibly();
        throw new AssertionError("no end of output: " + command.line, e);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** Runs {@code work} on a thread of its own. */
  private static CompletableFuture<Object> reading(String name, Callable<Object> work) {
    CompletableFuture<Object> result = new CompletableFuture<>();
    background(
        name,
        () -> {
          try {
            result.complete(work.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static void background(String name, Runnable work) {
    Thread thread = new Thread(work, "command-" + name);
    thread.setDaemon(true);
    thread.start();
  }
}
