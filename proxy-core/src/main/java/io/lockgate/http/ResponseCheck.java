package io.lockgate.http;

/**
 * The one gate between untrusted response heads and everything else. Whatever rule a response
 * breaks, the client's answer is 502 and the upstream's connection ends. Pure.
 */
public final class ResponseCheck {
  private ResponseCheck() {}

  /** Checks a head that {@link HeadScanner} completed, as the answer to a request. */
  public static HeadVerdict http1(ResponseHead head, Method request) {
    FramingRule broken = status(head);
    return verdict(head, broken == null ? http1Fields(head, request) : broken);
  }

  /**
   * Checks a 101 that {@link HeadScanner} completed, as the answer to a request to change to
   * WebSocket; any other answer to it is checked like the answer to a GET.
   */
  public static HeadVerdict switching(ResponseHead head, WebSocketHandshake asked) {
    head.framing = Framing.UNTIL_CLOSE;
    head.reusable = false;
    return verdict(head, asked.acceptedBy(head) ? null : FramingRule.SWITCHED_PROTOCOLS);
  }

  /** Checks a head whose fields, {@code :status} included, were appended in order. */
  public static HeadVerdict http2(ResponseHead head, Method request, boolean endOfStream) {
    head.version = HttpVersion.HTTP_2;
    FramingRule broken = http2Fields(head);
    return verdict(head, broken == null ? http2Framing(head, request, endOfStream) : broken);
  }

  private static HeadVerdict verdict(ResponseHead head, FramingRule broken) {
    if (broken != null) {
      return broken.refusal();
    }
    head.checked = true;
    return HeadVerdict.Accepted.ACCEPTED;
  }

  private static FramingRule status(ResponseHead head) {
    if (head.status < 100 || head.status > 599) {
      return FramingRule.BAD_STATUS;
    }
    return head.status == 101 ? FramingRule.SWITCHED_PROTOCOLS : null;
  }

  private static FramingRule http1Fields(ResponseHead head, Method request) {
    FieldSection fields = head.fields();
    int length = fields.find(FieldName.CONTENT_LENGTH);
    int coding = fields.find(FieldName.TRANSFER_ENCODING);
    if (length >= 0 && fields.findNext(FieldName.CONTENT_LENGTH, length) >= 0) {
      return FramingRule.CONTENT_LENGTH_REPEATED;
    }
    if (coding >= 0 && fields.findNext(FieldName.TRANSFER_ENCODING, coding) >= 0) {
      return FramingRule.CODING_REPEATED;
    }
    if (length >= 0 && coding >= 0) {
      return FramingRule.LENGTH_AND_CODING;
    }
    FramingRule broken = length >= 0 ? length(head, length) : null;
    if (coding >= 0) {
      broken = coding(head, coding);
    }
    if (broken == null) {
      http1Framing(head, request, coding >= 0);
    }
    return broken;
  }

  private static FramingRule length(ResponseHead head, int index) {
    FieldSection fields = head.fields();
    head.contentLength =
        FieldRules.contentLength(fields.bytes(), fields.valueStart(index), fields.valueEnd(index));
    return head.contentLength < 0 ? FramingRule.BAD_CONTENT_LENGTH : null;
  }

  private static FramingRule coding(ResponseHead head, int index) {
    if (head.version == HttpVersion.HTTP_1_0) {
      return FramingRule.CODING_IN_HTTP_1_0;
    }
    FieldSection fields = head.fields();
    return FieldRules.codings(fields.bytes(), fields.valueStart(index), fields.valueEnd(index));
  }

  /** In the order of RFC 9112 section 6.3. */
  private static void http1Framing(ResponseHead head, Method request, boolean chunked) {
    head.reusable = persistent(head);
    if (hasNoContent(head, request)) {
      head.framing = Framing.NONE;
      // RFC 9112 6.1 and 6.2 forbid both here; where they stand, who knows what follows.
      boolean bodiless = head.status < 200 || head.status == 204;
      head.reusable &= !(bodiless && (chunked || head.contentLength > 0));
    } else if (chunked) {
      head.framing = Framing.CHUNKED;
    } else if (head.contentLength >= 0) {
      head.framing = head.contentLength > 0 ? Framing.LENGTH : Framing.NONE;
    } else {
      head.framing = Framing.UNTIL_CLOSE;
      head.reusable = false;
    }
  }

  static boolean hasNoContent(ResponseHead head, Method request) {
    return request == Method.HEAD || head.status < 200 || head.status == 204 || head.status == 304;
  }

  private static boolean persistent(ResponseHead head) {
    FieldSection fields = head.fields();
    int says = 0;
    for (int i = fields.find(FieldName.CONNECTION);
        i >= 0;
        i = fields.findNext(FieldName.CONNECTION, i)) {
      says |=
          FieldRules.connectionOptions(fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
    }
    boolean stays =
        head.version == HttpVersion.HTTP_1_1 || (says & FieldRules.SAYS_KEEP_ALIVE) != 0;
    return stays && (says & (FieldRules.SAYS_CLOSE | FieldRules.MALFORMED)) == 0;
  }

  private static FramingRule http2Fields(ResponseHead head) {
    FieldSection fields = head.fields();
    if (fields.count() == 0 || !Http2RequestRules.startsWithColon(fields, 0)) {
      return FramingRule.PSEUDO_FIELD_MISSING;
    }
    if (fields.id(0) != FieldName.PSEUDO_STATUS) {
      return FramingRule.PSEUDO_FIELD_UNKNOWN;
    }
    fields.remove(0);
    int start = fields.valueStart(0);
    long status = FieldRules.contentLength(fields.bytes(), start, fields.valueEnd(0));
    if (fields.valueEnd(0) - start != 3 || status < 0) {
      return FramingRule.BAD_STATUS;
    }
    head.status = (int) status;
    for (int i = 1; i < fields.count(); i++) {
      if (Http2RequestRules.startsWithColon(fields, i)) {
        boolean again = fields.id(i) == FieldName.PSEUDO_STATUS;
        return again ? FramingRule.PSEUDO_FIELD_REPEATED : FramingRule.PSEUDO_FIELD_UNKNOWN;
      }
      FramingRule broken = FieldRules.http2Field(fields, i);
      if (broken != null) {
        return broken;
      }
    }
    return status(head);
  }

  private static FramingRule http2Framing(ResponseHead head, Method request, boolean endOfStream) {
    FieldSection fields = head.fields();
    head.reusable = true;
    int length = fields.find(FieldName.CONTENT_LENGTH);
    if (length >= 0) {
      if (fields.findNext(FieldName.CONTENT_LENGTH, length) >= 0) {
        return FramingRule.CONTENT_LENGTH_REPEATED;
      }
      FramingRule broken = length(head, length);
      if (broken != null) {
        return broken;
      }
    }
    if (hasNoContent(head, request)) {
      head.framing = Framing.NONE;
    } else if (endOfStream) {
      head.framing = Framing.NONE;
      return head.contentLength > 0 ? FramingRule.LENGTH_OF_NOTHING : null;
    } else {
      head.framing = head.contentLength >= 0 ? Framing.LENGTH : Framing.UNTIL_END;
    }
    return null;
  }
}
