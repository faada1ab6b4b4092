package io.lockgate.accesslog;

import java.io.OutputStream;
import java.time.Clock;
import java.util.SplittableRandom;

/**
 * What every access log of the process shares.
 *
 * @param loops number of event loops
 * @param clock stamps the lines
 * @param standardOutput for the path {@code -}; never closed
 * @param random decides which exchanges are sampled
 */
public record AccessLogSetup(
    int loops,
    Clock clock,
    OutputStream standardOutput,
    SplittableRandom random,
    AccessLogCounts counts) {}
