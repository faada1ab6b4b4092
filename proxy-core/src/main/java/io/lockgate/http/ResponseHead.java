package io.lockgate.http;

/**
 * A response's head. Either an upstream's, filled by {@link HeadScanner} or an HTTP/2 decoder and
 * passed through {@link ResponseCheck}, or our own, begun with {@link #compose}. Reused; belongs to
 * one exchange, on its event loop.
 */
public final class ResponseHead {
  private final FieldSection fields = new FieldSection();

  int status;
  int reasonStart;
  int reasonEnd;
  HttpVersion version = HttpVersion.HTTP_1_1;
  Framing framing = Framing.NONE;
  long contentLength;
  boolean reusable;
  boolean checked;
  boolean composed;

  public ResponseHead() {
    clear();
  }

  /** Makes the head ready for another response. */
  public void clear() {
    fields.clear();
    status = 0;
    reasonStart = reasonEnd = 0;
    version = HttpVersion.HTTP_1_1;
    framing = Framing.NONE;
    contentLength = -1;
    reusable = false;
    checked = false;
    composed = false;
  }

  /** Begins a response of our own with content of a known length; fields are appended after. */
  public ResponseHead compose(int newStatus, long length) {
    clear();
    status = newStatus;
    contentLength = length;
    framing = length > 0 ? Framing.LENGTH : Framing.NONE;
    checked = true;
    composed = true;
    return this;
  }

  /**
   * Makes of an upstream's consent to a WebSocket the consent for a client of another version: 101
   * or 200 (RFC 8441 section 5).
   */
  public void granted(HttpVersion client) {
    status = client == HttpVersion.HTTP_2 ? 200 : 101;
    framing = client == HttpVersion.HTTP_2 ? Framing.UNTIL_END : Framing.UNTIL_CLOSE;
    contentLength = -1;
  }

  /** Has the head announce other content, of a known length, than arrives. */
  public void replaceContent(long length) {
    contentLength = length;
    framing = length > 0 ? Framing.LENGTH : Framing.NONE;
  }

  /** Has the head announce content whose length only its end will tell. */
  public void forgetLength() {
    contentLength = -1;
    framing = Framing.UNTIL_END;
  }

  public boolean checked() {
    return checked;
  }

  /** Whether it is our own, so that no {@code Via} belongs on it. */
  public boolean composed() {
    return composed;
  }

  public FieldSection fields() {
    return fields;
  }

  /** Same as {@code fields().bytes()}. */
  public byte[] bytes() {
    return fields.bytes();
  }

  public int status() {
    return status;
  }

  /** 1xx: another head follows. */
  public boolean interim() {
    return status < 200;
  }

  /** The reason the upstream gave; for logs only, it is never forwarded. */
  public String reason() {
    return fields.text(reasonStart, reasonEnd);
  }

  public HttpVersion version() {
    return version;
  }

  /** How the content arrives from the upstream. */
  public Framing framing() {
    return framing;
  }

  /**
   * Declared length, or -1. With {@link Framing#NONE} it is what a GET would have brought (HEAD,
   * 304).
   */
  public long contentLength() {
    return contentLength;
  }

  /** Whether the upstream's connection may carry another exchange once the content has ended. */
  public boolean reusable() {
    return reusable;
  }

  /**
   * How the content is to be framed towards a client of this version. {@link Framing#UNTIL_CLOSE}
   * means that the client's connection must be closed after the content.
   */
  public Framing framingFor(HttpVersion client) {
    return switch (framing) {
      case NONE, LENGTH -> framing;
      case CHUNKED, UNTIL_END, UNTIL_CLOSE ->
          switch (client) {
            case HTTP_1_0 -> Framing.UNTIL_CLOSE;
            case HTTP_1_1 -> Framing.CHUNKED;
            case HTTP_2 -> Framing.UNTIL_END;
          };
    };
  }
}
