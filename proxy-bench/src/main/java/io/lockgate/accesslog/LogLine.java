package io.lockgate.accesslog;

import io.lockgate.config.model.AccessLogConfig.Format;
import io.lockgate.exchange.ExchangeSummary;

/**
 * Lets benchmarks at the formatting of a line without the ring and the thread that it goes through:
 * those would drop lines of a loop that does nothing but log.
 */
public final class LogLine {
  private final Line line = new Line(Line.LONGEST);
  private final LineFormat format;

  public LogLine(Format format) {
    this.format = LineFormat.of(format);
  }

  /** Formats over the line before; answers how many octets the line has. */
  public int write(long epochMillis, ExchangeSummary summary) {
    line.begin();
    format.exchange(line, epochMillis, summary);
    return line.length();
  }
}
