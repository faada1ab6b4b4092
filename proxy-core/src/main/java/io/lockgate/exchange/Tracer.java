package io.lockgate.exchange;

import io.lockgate.http.FieldSection;

/** Gives requests of one event loop their place in a trace, on that loop. Must not block. */
public interface Tracer {
  /** Fields pass as they are, and nothing is recorded. */
  Tracer OFF =
      new Tracer() {
        @Override
        public Trace begin(FieldSection fields) {
          return Trace.NONE;
        }

        @Override
        public void pass(Trace trace, FieldSection fields) {}

        @Override
        public void ended(Trace trace, ExchangeSummary summary) {}
      };

  /**
   * Decides about a request.
   *
   * @param fields of the request, as the client sent them
   * @return {@link Trace#NONE} also for a trace that begins here and is not recorded: nobody but
   *     the server hears of its ids, so {@link #pass} makes them up
   */
  Trace begin(FieldSection fields);

  /**
   * Puts in what the server is told of the trace.
   *
   * @param fields of the request, after those of the client's connection have been taken out: a
   *     client must not have ours removed by naming it in Connection
   */
  void pass(Trace trace, FieldSection fields);

  /** The request has ended; called once for each {@link #begin}. */
  void ended(Trace trace, ExchangeSummary summary);
}
