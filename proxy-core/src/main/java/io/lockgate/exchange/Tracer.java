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
        public void ended(Trace trace, ExchangeSummary summary) {}
      };

  /**
   * Decides about a request.
   *
   * @param fields of the request; what its server is told of the trace is put in
   */
  Trace begin(FieldSection fields);

  /** The request has ended; called once for each {@link #begin}. */
  void ended(Trace trace, ExchangeSummary summary);
}
