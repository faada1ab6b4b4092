package io.lockgate.http;

/** The rules for requests that came over HTTP/2 (RFC 9113 sections 8.2 and 8.3). Pure. */
final class Http2RequestRules {
  private Http2RequestRules() {}

  static FramingRule check(RequestHead head, boolean endOfStream) {
    FieldSection fields = head.fields();
    int regular = 0;
    while (regular < fields.count() && startsWithColon(fields, regular)) {
      regular++;
    }
    FramingRule broken = pseudoFields(head, regular);
    if (broken == null) {
      broken = regularFields(head, regular);
    }
    return broken == null ? framing(head, endOfStream) : broken;
  }

  static boolean startsWithColon(FieldSection fields, int index) {
    int start = fields.nameStart(index);
    return start < fields.nameEnd(index) && fields.bytes()[start] == ':';
  }

  private static FramingRule pseudoFields(RequestHead head, int count) {
    FieldSection fields = head.fields();
    int method = -1;
    int scheme = -1;
    int authority = -1;
    int path = -1;
    int protocol = -1;
    for (int i = 0; i < count; i++) {
      int before;
      switch (exactId(fields, i)) {
        case PSEUDO_METHOD -> {
          before = method;
          method = i;
        }
        case PSEUDO_SCHEME -> {
          before = scheme;
          scheme = i;
        }
        case PSEUDO_AUTHORITY -> {
          before = authority;
          authority = i;
        }
        case PSEUDO_PATH -> {
          before = path;
          path = i;
        }
        case PSEUDO_PROTOCOL -> {
          before = protocol;
          protocol = i;
        }
        default -> {
          return FramingRule.PSEUDO_FIELD_UNKNOWN;
        }
      }
      if (before >= 0) {
        return FramingRule.PSEUDO_FIELD_REPEATED;
      }
      fields.remove(i);
    }
    FramingRule broken = method(head, method, protocol);
    if (broken == null && (scheme < 0 || isEmpty(fields, path))) {
      broken = FramingRule.PSEUDO_FIELD_MISSING;
    }
    if (broken == null
        && !Target.isScheme(fields.bytes(), fields.valueStart(scheme), fields.valueEnd(scheme))) {
      broken = FramingRule.BAD_SCHEME;
    }
    if (broken == null) {
      broken = path(head, path);
    }
    return broken == null ? authority(head, authority) : broken;
  }

  /** Pseudo-fields are known by their exact, lower-case names. */
  private static FieldName exactId(FieldSection fields, int index) {
    byte[] bytes = fields.bytes();
    for (int at = fields.nameStart(index) + 1; at < fields.nameEnd(index); at++) {
      if (!Octets.is(bytes[at], Octets.LOWER_TOKEN)) {
        return FieldName.OTHER;
      }
    }
    return fields.id(index);
  }

  private static boolean isEmpty(FieldSection fields, int index) {
    return index < 0 || fields.valueStart(index) == fields.valueEnd(index);
  }

  private static FramingRule method(RequestHead head, int index, int protocol) {
    FieldSection fields = head.fields();
    if (isEmpty(fields, index)) {
      return FramingRule.PSEUDO_FIELD_MISSING;
    }
    int start = fields.valueStart(index);
    int end = fields.valueEnd(index);
    if (FieldRules.tokenEnd(fields.bytes(), start, end) != end) {
      return FramingRule.BAD_METHOD;
    }
    head.methodStart = start;
    head.methodEnd = end;
    head.method = Method.of(fields.bytes(), start, end);
    if (protocol >= 0) {
      return extended(head, protocol);
    }
    return head.method == Method.CONNECT ? FramingRule.METHOD_CONNECT : null;
  }

  /** RFC 8441 section 4; what HTTP/1.1 asks for with GET is one method for all that follows. */
  private static FramingRule extended(RequestHead head, int protocol) {
    if (head.method != Method.CONNECT) {
      return FramingRule.PSEUDO_FIELD_UNKNOWN;
    }
    if (!head.fields().valueEqualsIgnoringCase(protocol, RequestCheck.WEBSOCKET)) {
      return FramingRule.PROTOCOL_NOT_OFFERED;
    }
    head.method = Method.GET;
    head.upgrade = RequestHead.Upgrade.WEBSOCKET;
    return null;
  }

  private static FramingRule path(RequestHead head, int index) {
    FieldSection fields = head.fields();
    byte[] bytes = fields.bytes();
    head.targetStart = fields.valueStart(index);
    head.targetEnd = fields.valueEnd(index);
    for (int at = head.targetStart; at < head.targetEnd; at++) {
      if (!Octets.is(bytes[at], Octets.TARGET)) {
        return FramingRule.BAD_TARGET;
      }
    }
    if (bytes[head.targetStart] != '/' && !head.asterisk()) {
      return FramingRule.BAD_TARGET;
    }
    return Target.read(head);
  }

  /** Of an authority that is present; without one, Host must say it (RFC 9113 section 8.3.1). */
  private static FramingRule authority(RequestHead head, int index) {
    FieldSection fields = head.fields();
    int host = fields.find(FieldName.HOST);
    if (index < 0 && host < 0) {
      return FramingRule.HOST_MISSING;
    }
    if (host >= 0 && fields.findNext(FieldName.HOST, host) >= 0) {
      return FramingRule.HOST_REPEATED;
    }
    int from = index < 0 ? host : index;
    if (!Authority.read(head, fields.valueStart(from), fields.valueEnd(from))) {
      return FramingRule.BAD_HOST;
    }
    boolean same =
        host < 0
            || RequestCheck.sameAuthority(head, fields.valueStart(host), fields.valueEnd(host));
    return same ? null : FramingRule.HOST_MISMATCH;
  }

  private static FramingRule regularFields(RequestHead head, int from) {
    FieldSection fields = head.fields();
    int cookies = 0;
    for (int i = from; i < fields.count(); i++) {
      if (startsWithColon(fields, i)) {
        return FramingRule.PSEUDO_FIELD_LATE;
      }
      FramingRule broken = FieldRules.http2Field(fields, i);
      if (broken == null) {
        broken = RequestCheck.field(head, i);
      }
      if (broken != null) {
        return broken;
      }
      cookies += fields.id(i) == FieldName.COOKIE ? 1 : 0;
    }
    if (cookies > 1) {
      joinCookies(fields);
    }
    return null;
  }

  /** One line, as HTTP/1 wants it (RFC 9113 section 8.2.3). */
  private static void joinCookies(FieldSection fields) {
    int length = 0;
    for (int i = fields.find(FieldName.COOKIE); i >= 0; i = fields.findNext(FieldName.COOKIE, i)) {
      length += fields.valueEnd(i) - fields.valueStart(i) + 2;
    }
    int at = fields.reserve(length);
    byte[] bytes = fields.bytes();
    int end = at;
    for (int i = fields.find(FieldName.COOKIE); i >= 0; i = fields.findNext(FieldName.COOKIE, i)) {
      int crumb = fields.valueEnd(i) - fields.valueStart(i);
      System.arraycopy(bytes, fields.valueStart(i), bytes, end, crumb);
      end += crumb;
      bytes[end++] = ';';
      bytes[end++] = ' ';
    }
    fields.used(end);
    fields.removeAll(FieldName.COOKIE);
    fields.append(FieldName.COOKIE, fields.bytes(), at, end - 2);
  }

  private static FramingRule framing(RequestHead head, boolean endOfStream) {
    FieldSection fields = head.fields();
    head.persistent = true;
    int length = fields.find(FieldName.CONTENT_LENGTH);
    if (head.upgrade == RequestHead.Upgrade.WEBSOCKET) {
      // What follows is no content of the request.
      head.framing = Framing.NONE;
      return endOfStream || length >= 0 ? FramingRule.LENGTH_OF_WEBSOCKET : null;
    }
    if (length < 0) {
      head.framing = endOfStream ? Framing.NONE : Framing.UNTIL_END;
      return null;
    }
    if (fields.findNext(FieldName.CONTENT_LENGTH, length) >= 0) {
      return FramingRule.CONTENT_LENGTH_REPEATED;
    }
    head.contentLength =
        FieldRules.contentLength(
            fields.bytes(), fields.valueStart(length), fields.valueEnd(length));
    if (head.contentLength < 0) {
      return FramingRule.BAD_CONTENT_LENGTH;
    }
    if (endOfStream && head.contentLength > 0) {
      return FramingRule.LENGTH_OF_NOTHING;
    }
    head.framing = endOfStream ? Framing.NONE : Framing.LENGTH;
    return null;
  }
}
