package io.lockgate.http;

/** Sets of known fields that rules are stated with; membership is one shift. */
final class FieldSet {
  /** End with the connection they came on, whatever Connection says (RFC 9110 section 7.6.1). */
  static final FieldSet HOP_BY_HOP =
      new FieldSet(
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.TE,
          FieldName.TRANSFER_ENCODING,
          FieldName.UPGRADE,
          FieldName.HTTP2_SETTINGS,
          FieldName.PROXY_AUTHENTICATE,
          FieldName.PROXY_AUTHORIZATION);

  /** What HTTP/2 must not carry (RFC 9113 section 8.2.2). */
  static final FieldSet CONNECTION_SPECIFIC =
      new FieldSet(
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.TRANSFER_ENCODING,
          FieldName.UPGRADE);

  /** What tells an upstream who the client is; never taken from a client that is not trusted. */
  static final FieldSet IDENTITY =
      new FieldSet(
          FieldName.FORWARDED,
          FieldName.X_FORWARDED_FOR,
          FieldName.X_FORWARDED_PROTO,
          FieldName.X_FORWARDED_HOST,
          FieldName.X_FORWARDED_PORT,
          FieldName.X_REAL_IP,
          FieldName.CLIENT_CERT,
          FieldName.CLIENT_CERT_CHAIN,
          FieldName.X_FORWARDED_CLIENT_CERT);

  /** What is said of a client's certificate; never taken from anybody. */
  static final FieldSet CLIENT_CERTIFICATE =
      new FieldSet(
          FieldName.CLIENT_CERT, FieldName.CLIENT_CERT_CHAIN, FieldName.X_FORWARDED_CLIENT_CERT);

  /** What nobody may have removed by naming it in Connection. */
  static final FieldSet END_TO_END =
      new FieldSet(
          FieldName.HOST,
          FieldName.CONTENT_LENGTH,
          FieldName.TRANSFER_ENCODING,
          FieldName.EXPECT,
          FieldName.DATE,
          FieldName.VIA,
          FieldName.COOKIE,
          FieldName.SET_COOKIE,
          FieldName.AUTHORIZATION,
          FieldName.FORWARDED,
          FieldName.X_FORWARDED_FOR,
          FieldName.X_FORWARDED_PROTO,
          FieldName.X_FORWARDED_HOST,
          FieldName.X_FORWARDED_PORT,
          FieldName.X_REAL_IP,
          FieldName.X_REQUEST_ID,
          FieldName.CLIENT_CERT,
          FieldName.CLIENT_CERT_CHAIN,
          FieldName.X_FORWARDED_CLIENT_CERT,
          FieldName.CONTENT_TYPE,
          FieldName.CONTENT_ENCODING,
          FieldName.CONTENT_RANGE,
          FieldName.CACHE_CONTROL,
          FieldName.LOCATION,
          FieldName.STRICT_TRANSPORT_SECURITY,
          FieldName.MAX_FORWARDS);

  /** What a name with underscores must not be mistaken for. */
  static final FieldSet ALIASED =
      new FieldSet(
          FieldName.CONTENT_LENGTH,
          FieldName.TRANSFER_ENCODING,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.PROXY_AUTHORIZATION,
          FieldName.HTTP2_SETTINGS,
          FieldName.MAX_FORWARDS,
          FieldName.X_REQUEST_ID,
          FieldName.X_FORWARDED_FOR,
          FieldName.X_FORWARDED_PROTO,
          FieldName.X_FORWARDED_HOST,
          FieldName.X_FORWARDED_PORT,
          FieldName.X_REAL_IP,
          FieldName.CLIENT_CERT,
          FieldName.CLIENT_CERT_CHAIN,
          FieldName.X_FORWARDED_CLIENT_CERT);

  /** What a writer makes itself and never copies. */
  static final FieldSet MADE_BY_WRITER =
      new FieldSet(
          FieldName.HOST,
          FieldName.CONTENT_LENGTH,
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.TE,
          FieldName.TRANSFER_ENCODING,
          FieldName.UPGRADE,
          FieldName.HTTP2_SETTINGS,
          FieldName.PSEUDO_METHOD,
          FieldName.PSEUDO_SCHEME,
          FieldName.PSEUDO_AUTHORITY,
          FieldName.PSEUDO_PATH,
          FieldName.PSEUDO_STATUS,
          FieldName.PSEUDO_PROTOCOL);

  /** Known fields that mean something behind the content (RFC 9110 section 6.5.1). */
  static final FieldSet TRAILERS = new FieldSet(FieldName.ETAG, FieldName.OTHER);

  /** What a message could be framed or routed by; an offence in a trailer section. */
  static final FieldSet FRAMING =
      new FieldSet(FieldName.HOST, FieldName.CONTENT_LENGTH, FieldName.TRANSFER_ENCODING);

  private final long members;

  private FieldSet(FieldName... names) {
    long set = 0;
    for (FieldName name : names) {
      set |= 1L << name.number();
    }
    members = set;
  }

  boolean has(FieldName name) {
    return hasNumber(name.number());
  }

  boolean hasNumber(int number) {
    return (members >>> number & 1) != 0;
  }

  /** Whether the set and the other have a member in common. */
  boolean meets(long other) {
    return (members & other) != 0;
  }
}
