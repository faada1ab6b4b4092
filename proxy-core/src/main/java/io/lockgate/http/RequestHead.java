package io.lockgate.http;

/**
 * A request's head as flat bytes with offsets. Filled by {@link HeadScanner} or by an HTTP/2
 * decoder (all fields, pseudo-fields included, appended to {@link #fields()} in order), then passed
 * through {@link RequestCheck}, which alone makes it {@link #checked()}; what the other accessors
 * say holds only then.
 *
 * <p>Reused for request after request. It belongs to one exchange, on that exchange's event loop.
 * All offsets point into {@code fields().bytes()}.
 */
public final class RequestHead {
  /** Which protocol the client would like to change to (RFC 9110 section 7.8). */
  public enum Upgrade {
    NONE,
    WEBSOCKET,
    OTHER
  }

  private final FieldSection fields = new FieldSection();
  private final PathView path = new PathView();

  int methodStart;
  int methodEnd;
  int targetStart;
  int targetEnd;
  int pathEnd;
  int forwardedStart;
  int forwardedEnd;
  int authorityStart;
  int authorityEnd;
  int hostStart;
  int hostEnd;
  int hostHash;
  int port;
  Method method = Method.OTHER;
  HttpVersion version = HttpVersion.HTTP_1_1;
  Framing framing = Framing.NONE;
  long contentLength;
  boolean expectsContinue;
  boolean persistent;
  boolean acceptsTrailers;
  Upgrade upgrade = Upgrade.NONE;
  boolean checked;

  public RequestHead() {
    clear();
  }

  /** Makes the head ready for another request. */
  public void clear() {
    fields.clear();
    path.clear();
    methodStart = methodEnd = targetStart = targetEnd = pathEnd = 0;
    forwardedStart = forwardedEnd = 0;
    authorityStart = authorityEnd = hostStart = hostEnd = hostHash = 0;
    port = -1;
    method = Method.OTHER;
    version = HttpVersion.HTTP_1_1;
    framing = Framing.NONE;
    contentLength = -1;
    expectsContinue = false;
    persistent = false;
    acceptsTrailers = false;
    upgrade = Upgrade.NONE;
    checked = false;
  }

  /** Whether {@link RequestCheck} accepted it. */
  public boolean checked() {
    return checked;
  }

  public FieldSection fields() {
    return fields;
  }

  /** Same as {@code fields().bytes()}. */
  public byte[] bytes() {
    return fields.bytes();
  }

  public Method method() {
    return method;
  }

  public int methodStart() {
    return methodStart;
  }

  public int methodEnd() {
    return methodEnd;
  }

  public String methodText() {
    return method == Method.OTHER ? fields.text(methodStart, methodEnd) : method.name();
  }

  public HttpVersion version() {
    return version;
  }

  /** Start of the origin-form target: path and query as the client sent them, or {@code *}. */
  public int targetStart() {
    return targetStart;
  }

  public int targetEnd() {
    return targetEnd;
  }

  /** End of the path within the target: where the question mark is, or the target's end. */
  public int pathEnd() {
    return pathEnd;
  }

  /**
   * Has another path forwarded in place of the client's, before the client's query. What the other
   * accessors say stays the client's.
   *
   * @return whether that is a path with one meaning, by the rules that the client's own is held to;
   *     if not, nothing has changed
   */
  public boolean forwardPath(byte[] octets, int length) {
    if (length == 0 || octets[0] != '/' || new PathView().view(octets, 0, length) != null) {
      return false;
    }
    int query = targetEnd - pathEnd;
    int at = fields.reserve(length + query);
    System.arraycopy(octets, 0, bytes(), at, length);
    System.arraycopy(bytes(), pathEnd, bytes(), at + length, query);
    forwardedStart = at;
    forwardedEnd = at + length + query;
    fields.used(forwardedEnd);
    return true;
  }

  /** Start of the target that is forwarded. */
  int outgoingStart() {
    return forwardedEnd > 0 ? forwardedStart : targetStart;
  }

  int outgoingEnd() {
    return forwardedEnd > 0 ? forwardedEnd : targetEnd;
  }

  public String target() {
    return fields.text(targetStart, targetEnd);
  }

  /** Whether the target is {@code *} (OPTIONS only). */
  public boolean asterisk() {
    return targetEnd - targetStart == 1 && bytes()[targetStart] == '*';
  }

  /** The path that routes are matched with. */
  public PathView path() {
    return path;
  }

  /** Start of host and port as sent, brackets included. */
  public int authorityStart() {
    return authorityStart;
  }

  public int authorityEnd() {
    return authorityEnd;
  }

  public String authority() {
    return fields.text(authorityStart, authorityEnd);
  }

  /** Start of the host alone: lower case, without trailing dot, brackets or port. */
  public int hostStart() {
    return hostStart;
  }

  public int hostEnd() {
    return hostEnd;
  }

  public String host() {
    return fields.text(hostStart, hostEnd);
  }

  /** {@code host().hashCode()}, without the text. */
  public int hostHash() {
    return hostHash;
  }

  /** The port in the authority, or -1. */
  public int port() {
    return port;
  }

  public Framing framing() {
    return framing;
  }

  /** Declared length of the content, or -1. */
  public long contentLength() {
    return contentLength;
  }

  /** Whether the client waits for 100 (Continue) before it sends content. */
  public boolean expectsContinue() {
    return expectsContinue;
  }

  /** Whether the client lets the connection live on after this exchange (RFC 9112 section 9.3). */
  public boolean persistent() {
    return persistent;
  }

  /** Whether the client said {@code TE: trailers}. */
  public boolean acceptsTrailers() {
    return acceptsTrailers;
  }

  /** Takes the request for one that asks for no other protocol. */
  public void stayHttp() {
    upgrade = Upgrade.NONE;
  }

  /** What the client would upgrade to; the fields that ask for it are not forwarded. */
  public Upgrade upgrade() {
    return upgrade;
  }
}
