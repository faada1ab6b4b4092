package io.lockgate.accesslog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
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
    AccessLogCounts counts) {

  /**
   * With the standard output of the process itself, past whatever may have been put in its place.
   */
  public static AccessLogSetup ofProcess(int loops, Clock clock) {
    return new AccessLogSetup(
        loops,
        clock,
        new FileOutputStream(FileDescriptor.out),
        new SplittableRandom(),
        new AccessLogCounts());
  }
}
