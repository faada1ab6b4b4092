package io.lockgate.client;

/**
 * How the streams that a client opened last came to their end, as far as it matters for frames that
 * arrive afterwards: a stream that the client has ended may get none, one that we have reset may
 * still get some (RFC 9113 section 5.1). Of a fixed size. On the connection's event loop.
 */
final class ClosedStreams {
  private static final int REMEMBERED = 64;

  /** Identifiers; negative for a stream that we have reset, zero for none. */
  private final int[] recent = new int[REMEMBERED];

  private int skippedAfter;
  private int skippedBefore;

  /** The client has opened a stream, the newest before it being {@code newest}. */
  void opened(int newest, int streamId) {
    if (streamId > newest + 2) {
      skippedAfter = newest;
      skippedBefore = streamId;
    }
  }

  void ended(int streamId) {
    recent[slot(streamId)] = streamId;
  }

  void reset(int streamId) {
    recent[slot(streamId)] = -streamId;
  }

  boolean hasEnded(int streamId) {
    return recent[slot(streamId)] == streamId;
  }

  boolean wasReset(int streamId) {
    return recent[slot(streamId)] == -streamId;
  }

  /** Whether the stream was passed over when a later one was opened, so that it is closed. */
  boolean wasSkipped(int streamId) {
    return streamId > skippedAfter && streamId < skippedBefore;
  }

  private static int slot(int streamId) {
    return (streamId >>> 1) & (REMEMBERED - 1);
  }
}
