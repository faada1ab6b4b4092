package io.lockgate.http;

/**
 * Bounds of a message head.
 *
 * @param maxHeadBytes the whole head, start line and final empty line included
 * @param maxStartLine without its line end
 */
public record HeadLimits(int maxHeadBytes, int maxFieldCount, int maxStartLine) {
  public HeadLimits {
    if (maxHeadBytes < 16 || maxFieldCount < 1 || maxStartLine < 14) {
      throw new IllegalArgumentException("limits too small for any message");
    }
  }
}
