package io.lockgate.http;

/**
 * Every reason for which a message is refused, each with its source, the status that answers it and
 * its metric label. Rules of requests answer 4xx or 5xx; rules of responses always mean 502.
 */
public enum FramingRule {
  NOT_HTTP("RFC 9112 3", "the first octet cannot begin a request", 400, "not_http", false),
  BAD_REQUEST_LINE("RFC 9112 3", "a request line is method SP target SP version CRLF", 400),
  BAD_LINE_END("RFC 9112 2.2", "lines end in CRLF; no CR or LF stands alone", 400),
  BAD_VERSION("RFC 9112 2.3", "the version is HTTP/1.0 or HTTP/1.1", 505),
  BAD_STATUS_LINE("RFC 9112 4", "a status line is version SP 3DIGIT SP reason CRLF", 502),
  BAD_STATUS("RFC 9110 15", "a status is between 100 and 599", 502),
  BAD_FIELD_NAME("RFC 9110 5.1", "a field name is a token followed by a colon", 400),
  BAD_FIELD_VALUE("RFC 9110 5.5", "a field value holds no control characters", 400),
  FOLDED_FIELD("RFC 9112 5.2", "field lines are not folded", 400),
  START_LINE_TOO_LONG("RFC 9112 3", "the request line exceeds the limit", 414),
  HEAD_TOO_LARGE("RFC 6585 5", "the fields exceed the size limit", 431),
  TOO_MANY_FIELDS("RFC 6585 5", "there are more fields than the limit", 431),
  BAD_TARGET("RFC 9112 3.2", "the target is in none of the permitted forms", 400),
  BAD_PERCENT_ENCODING("RFC 3986 2.1", "a percent sign is followed by two hex digits", 400),
  NUL_IN_PATH("RFC 3986 7.3", "the path holds an encoded NUL", 400),
  DOT_SEGMENT("RFC 3986 5.2.4", "the path holds a dot segment, plain or disguised", 400),
  BACKSLASH_IN_PATH("RFC 3986 3.3", "the path holds a backslash", 400),
  BAD_SCHEME("RFC 9110 4.2", "the scheme is http or https", 400),
  METHOD_CONNECT("RFC 9110 9.3.6", "CONNECT is not offered", 405),
  METHOD_TRACE("RFC 9110 9.3.8", "TRACE is not offered", 405),
  HOST_MISSING("RFC 9112 3.2", "a request names the host it is for", 400),
  HOST_REPEATED("RFC 9112 3.2", "a request has one Host", 400),
  BAD_HOST("RFC 9110 7.2", "the host is no name or address with an optional port", 400),
  HOST_MISMATCH("RFC 9112 3.2.2", "the target and Host name different authorities", 400),
  LENGTH_AND_CODING("RFC 9112 6.3", "both Content-Length and Transfer-Encoding", 400),
  BAD_CONTENT_LENGTH("RFC 9112 6.3", "Content-Length is one decimal number", 400),
  CONTENT_LENGTH_REPEATED("RFC 9112 6.3", "more than one Content-Length", 400),
  CODING_IN_HTTP_1_0("RFC 9112 6.1", "Transfer-Encoding in HTTP/1.0", 400),
  CODING_REPEATED("RFC 9112 6.1", "more than one Transfer-Encoding", 400),
  BAD_CODING("RFC 9112 6.1", "chunked is the last coding, once, without parameters", 400),
  CODING_NOT_OFFERED("RFC 9112 6.1", "only chunked is understood", 501),
  BAD_CONNECTION_OPTION("RFC 9110 7.6.1", "Connection is a list of tokens", 400),
  PROTECTED_CONNECTION_OPTION(
      "RFC 9110 7.6.1", "Connection names a field that is not its to remove", 400),
  ALIASED_FIELD_NAME(
      "RFC 3875 4.1.18", "an underscore makes a name that some servers confuse", 400),
  BAD_EXPECTATION("RFC 9110 10.1.1", "the only expectation is 100-continue", 417),
  BAD_CHUNK_SIZE("RFC 9112 7.1", "a chunk size is 1 to 16 hex digits", 400),
  BAD_CHUNK_EXTENSION("RFC 9112 7.1.1", "a chunk extension is ;name[=value]", 400),
  CHUNK_EXTENSIONS_TOO_LARGE("RFC 9112 7.1.1", "the chunk extensions exceed the limit", 400),
  BAD_CHUNK_END("RFC 9112 7.1", "chunk data ends in CRLF", 400),
  BAD_TRAILER("RFC 9110 6.5.1", "the trailer section holds no framing or routing fields", 400),
  TRAILERS_TOO_LARGE("RFC 6585 5", "the trailer section exceeds the limit", 431),
  PSEUDO_FIELD_MISSING("RFC 9113 8.3.1", "a required pseudo-field is missing or empty", 400),
  PSEUDO_FIELD_REPEATED("RFC 9113 8.3", "a pseudo-field stands twice", 400),
  PSEUDO_FIELD_UNKNOWN("RFC 9113 8.3", "a pseudo-field is unknown here", 400),
  PSEUDO_FIELD_LATE("RFC 9113 8.3", "a pseudo-field follows a regular field", 400),
  BAD_METHOD("RFC 9110 9.1", "a method is a token", 400),
  UPPER_CASE_NAME("RFC 9113 8.2.1", "field names are in lower case", 400),
  CONNECTION_FIELD("RFC 9113 8.2.2", "connection-specific fields have no place in HTTP/2", 400),
  BAD_TE("RFC 9113 8.2.2", "TE holds nothing but trailers", 400),
  LENGTH_OF_NOTHING("RFC 9113 8.1.1", "content is declared but the stream has ended", 400),
  SWITCHED_PROTOCOLS("RFC 9110 15.2.2", "101 though no upgrade was asked for", 502),
  PROTOCOL_NOT_OFFERED("RFC 8441 4", "extended CONNECT is offered for websocket only", 501),
  LENGTH_OF_WEBSOCKET("RFC 8441 5", "a WebSocket has a stream, and no declared length", 400),
  CONTENT_LENGTH_EXCEEDED("RFC 9113 8.1.1", "content differs from the declared length", 400);

  private final String section;
  private final String sentence;
  private final int status;
  private final String label;
  private final boolean answerable;

  @SuppressWarnings("ImmutableEnumChecker") // a record of two immutable values
  private final HeadVerdict refusal;

  FramingRule(String section, String sentence, int status) {
    this(section, sentence, status, "", true);
  }

  FramingRule(String section, String sentence, int status, String label, boolean answerable) {
    this.section = section;
    this.sentence = sentence;
    this.status = status;
    this.label = label.isEmpty() ? name().toLowerCase(java.util.Locale.ROOT) : label;
    this.answerable = answerable;
    this.refusal = new HeadVerdict.Refused(this, answerable);
  }

  /** Where the rule stands, such as {@code RFC 9112 6.3}. */
  public String section() {
    return section;
  }

  /** The rule, or what broke it, in words for a log. */
  public String sentence() {
    return sentence;
  }

  /** What a request that breaks it is answered with. */
  public int status() {
    return status;
  }

  /** Value of the metric label {@code reason}. */
  public String label() {
    return label;
  }

  /** Whether an answer could reach somebody who speaks HTTP. */
  public boolean answerable() {
    return answerable;
  }

  /** The verdict that refuses by this rule; always the same object. */
  public HeadVerdict refusal() {
    return refusal;
  }
}
