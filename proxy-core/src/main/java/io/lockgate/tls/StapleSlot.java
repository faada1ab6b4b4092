package io.lockgate.tls;

/**
 * Where the handshakes of one identity find its OCSP response. Written by the threads that fetch,
 * read by every event loop with one volatile read; outlives generations.
 */
public final class StapleSlot {
  private static final Content MISSING = new Content(new byte[0], StapleResult.MISSING);
  private static final Content STALE = new Content(new byte[0], StapleResult.STALE);
  private static final Content NOT_APPLICABLE =
      new Content(new byte[0], StapleResult.NOT_APPLICABLE);

  private volatile Content content;

  private StapleSlot(Content content) {
    this.content = content;
  }

  /** A slot that waits for its first response. */
  public static StapleSlot empty() {
    return new StapleSlot(MISSING);
  }

  static StapleSlot closed() {
    return new StapleSlot(NOT_APPLICABLE);
  }

  /**
   * From now on handshakes carry this response.
   *
   * @param response verified; not copied
   */
  public void put(byte[] response) {
    content = new Content(response, StapleResult.STAPLED);
  }

  /** The response has ended: handshakes carry none. */
  public void expire() {
    content = STALE;
  }

  Content content() {
    return content;
  }

  /** A response and what it makes of a handshake. */
  static final class Content {
    final byte[] response;
    final StapleResult result;

    private Content(byte[] response, StapleResult result) {
      this.response = response;
      this.result = result;
    }
  }
}
