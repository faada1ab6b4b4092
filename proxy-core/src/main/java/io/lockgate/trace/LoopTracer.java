package io.lockgate.trace;

import io.lockgate.config.model.TracingConfig;
import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.Trace;
import io.lockgate.exchange.Tracer;
import io.lockgate.http.FieldName;
import io.lockgate.http.FieldSection;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * Continues or begins traces as one configuration says. A trace that a stranger has begun is not
 * continued unless clients are trusted: it could have every request recorded, or name a trace of
 * somebody else.
 */
final class LoopTracer implements Tracer {
  private static final int MOST_STATES = 32;

  private final TracingConfig config;
  private final boolean trustClient;
  private final double sampled;
  private final SpanExporter exporter;
  private final RandomGenerator random;
  private final Clock clock;

  LoopTracer(TracingConfig config, SpanExporter exporter, RandomGenerator random, Clock clock) {
    this.config = config;
    this.trustClient = config.trustClient();
    this.sampled = config.samplePercent() / 100;
    this.exporter = exporter;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Trace begin(FieldSection fields) {
    Trace before = trustClient ? read(fields) : Trace.NONE;
    if (before.parent() != 0) {
      return new Trace(
          before.traceHigh(), before.traceLow(), before.parent(), id(), before.sampled());
    }
    return random.nextDouble() < sampled ? new Trace(id(), id(), 0, id(), true) : Trace.NONE;
  }

  @Override
  public void pass(Trace trace, FieldSection fields) {
    fields.removeAll(FieldName.TRACEPARENT);
    if (trace.parent() == 0 || !isState(fields)) {
      fields.removeAll(FieldName.TRACESTATE); // Of a trace that ends here (section 3.3).
    }
    int value = fields.append(FieldName.TRACEPARENT, Trace.LENGTH);
    if (trace.present()) {
      trace.writeTo(fields.bytes(), value);
    } else {
      Trace.write(fields.bytes(), value, id(), id(), id());
    }
  }

  /** As far as has to be known to pass it on (section 3.3): members with a value, not too many. */
  private static boolean isState(FieldSection fields) {
    int members = 0;
    for (int at = fields.find(FieldName.TRACESTATE);
        at >= 0;
        at = fields.findNext(FieldName.TRACESTATE, at)) {
      for (String member : fields.value(at).split(",", -1)) {
        String text = member.strip();
        if (!text.isEmpty() && (text.indexOf('=') < 1 || ++members > MOST_STATES)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Two of them are as good as none (section 4.3). */
  private static Trace read(FieldSection fields) {
    int at = fields.find(FieldName.TRACEPARENT);
    return at < 0 || fields.findNext(FieldName.TRACEPARENT, at) >= 0
        ? Trace.NONE
        : Trace.read(fields.bytes(), fields.valueStart(at), fields.valueEnd(at));
  }

  /** Never zero, which is no id. */
  private long id() {
    long id = random.nextLong();
    return id == 0 ? 1 : id;
  }

  @Override
  public void ended(Trace trace, ExchangeSummary summary) {
    if (trace.sampled()) {
      exporter.offer(Span.of(trace, summary, clock.millis(), config));
    }
  }
}
