package io.lockgate.exchange;

import io.lockgate.http.AsciiBytes;
import io.lockgate.loop.Loop;
import io.lockgate.upstream.UpstreamListener;

/**
 * What is the same for all exchanges of an event loop.
 *
 * @param requestIdField name of the field that carries the request id
 * @param requestIdText the same as text
 * @param trustRequestId whether an id that the client sent is kept
 */
public record ExchangeTerms(
    Loop loop,
    ExchangeListener listener,
    UpstreamListener upstreamListener,
    RequestIds requestIds,
    AsciiBytes requestIdField,
    String requestIdText,
    boolean trustRequestId) {}
