package io.lockgate.tls;

import io.lockgate.tls.TlsListener.How;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * Counts what upstreams' TLS connections do, over all event loops and all generations: a pool comes
 * and goes with its configuration, a counter may not. Used from any thread.
 */
public final class UpstreamTlsCounts {
  private final Map<List<String>, LongAdder> handshakes = new ConcurrentHashMap<>();
  private final Map<How, LongAdder> closes = new EnumMap<>(How.class);

  public UpstreamTlsCounts() {
    for (How how : How.values()) {
      closes.put(how, new LongAdder());
    }
  }

  /** What the connections of an upstream tell. */
  public UpstreamTlsListener of(String upstream) {
    return new UpstreamTlsListener() {
      @Override
      public void handshakeEnded(String result, String resumed) {
        handshakes
            .computeIfAbsent(List.of(upstream, result, resumed), unseen -> new LongAdder())
            .increment();
      }

      @Override
      public void closed(How how) {
        closes.get(how).increment();
      }
    };
  }

  /** Each with upstream, result and how the session was resumed. */
  public void eachHandshake(BiConsumer<List<String>, Long> action) {
    handshakes.forEach((labels, count) -> action.accept(labels, count.sum()));
  }

  /** Each way of ending that has occurred. */
  public void eachClose(BiConsumer<How, Long> action) {
    closes.forEach(
        (how, count) -> {
          if (count.sum() > 0) {
            action.accept(how, count.sum());
          }
        });
  }
}
