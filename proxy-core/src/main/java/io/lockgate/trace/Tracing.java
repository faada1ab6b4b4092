package io.lockgate.trace;

import io.lockgate.config.model.TracingConfig;
import io.lockgate.exchange.Tracer;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The tracing of a process, over all configurations. Safe on any thread. */
public final class Tracing implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Clock clock;
  private final SpanExporter exporter;

  /**
   * @param version of the build, which spans carry
   */
  public Tracing(Clock clock, String version) {
    this.clock = clock;
    this.exporter = new SpanExporter(version, TIMEOUT);
  }

  /**
   * What an event loop's requests are traced by while a configuration serves.
   *
   * @param random of that loop alone
   */
  public Tracer tracer(TracingConfig config, RandomGenerator random) {
    if (config.endpoint().isEmpty()) {
      return Tracer.OFF;
    }
    exporter.start();
    return new LoopTracer(config, exporter, random, clock);
  }

  /** Spans that a collector has taken. */
  public long sent() {
    return exporter.sent();
  }

  /** Spans that found no room to wait. */
  public long dropped() {
    return exporter.dropped();
  }

  /** Spans that the collector did not take. */
  public long failed() {
    return exporter.failed();
  }

  @Override
  public void close() {
    exporter.close();
  }
}
