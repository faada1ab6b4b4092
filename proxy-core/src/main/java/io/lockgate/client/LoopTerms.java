package io.lockgate.client;

import io.lockgate.exchange.ExchangeListener;
import io.lockgate.exchange.ExchangeTerms;
import io.lockgate.exchange.RequestIds;
import io.lockgate.exchange.Tracer;
import io.lockgate.http.FieldName;
import io.lockgate.limit.MemoryPressure;
import io.lockgate.loop.Loop;
import io.lockgate.snapshot.HttpTerms;
import io.lockgate.snapshot.Snapshot;
import io.lockgate.upstream.UpstreamListener;
import java.util.function.Function;

/**
 * The terms of exchanges on connections of one event loop, made once for each generation. On that
 * loop only.
 */
public final class LoopTerms {
  private final Loop loop;
  private final ExchangeListener exchanges;
  private final UpstreamListener upstreams;
  private final RequestIds requestIds;
  private final Function<Snapshot, Tracer> tracers;
  private final MemoryPressure memory;
  private ExchangeTerms terms;
  private long generation;

  /**
   * @param tracers what traces the requests of connections that come in while a snapshot serves
   */
  public LoopTerms(
      Loop loop,
      ExchangeListener exchanges,
      UpstreamListener upstreams,
      RequestIds requestIds,
      Function<Snapshot, Tracer> tracers,
      MemoryPressure memory) {
    this.loop = loop;
    this.exchanges = exchanges;
    this.upstreams = upstreams;
    this.requestIds = requestIds;
    this.tracers = tracers;
    this.memory = memory;
  }

  /** The terms of exchanges on connections that come in while {@code snapshot} serves. */
  public ExchangeTerms of(Snapshot snapshot) {
    if (terms == null || generation != snapshot.generation()) {
      HttpTerms http = snapshot.http();
      String requestId = http.requestIdField().toString();
      terms =
          new ExchangeTerms(
              loop,
              exchanges,
              upstreams,
              memory,
              requestIds,
              http.requestIdField(),
              requestId,
              FieldName.of(requestId),
              http.config().requestId().trustClient(),
              tracers.apply(snapshot));
      generation = snapshot.generation();
    }
    return terms;
  }
}
