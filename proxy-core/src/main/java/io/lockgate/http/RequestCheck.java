package io.lockgate.http;

/**
 * The one gate between untrusted request heads and everything else: what passes has one host, one
 * length, one path and one meaning to whoever reads it next. Refuses rather than repairs. Makes no
 * objects, and does not touch what it only reads. Pure; safe on any thread that owns the head.
 */
public final class RequestCheck {
  private static final AsciiBytes CONTINUE = AsciiBytes.of("100-continue");
  static final AsciiBytes WEBSOCKET = AsciiBytes.of("websocket");

  private RequestCheck() {}

  /** Checks a head that {@link HeadScanner} completed. */
  public static HeadVerdict http1(RequestHead head) {
    FramingRule broken = Target.read(head);
    if (broken == null) {
      broken = http1Fields(head);
    }
    return verdict(head, broken);
  }

  /**
   * Checks a head whose fields, pseudo-fields included, were appended in the order received. What
   * it refuses is a stream error, not a connection error (RFC 9113 section 8.1.1).
   */
  public static HeadVerdict http2(RequestHead head, boolean endOfStream) {
    head.version = HttpVersion.HTTP_2;
    return verdict(head, Http2RequestRules.check(head, endOfStream));
  }

  /**
   * Checks the trailer section that ends an HTTP/2 request or response, and removes from it what
   * has no meaning there.
   */
  public static HeadVerdict http2Trailers(FieldSection trailers) {
    for (int i = 0; i < trailers.count(); i++) {
      FramingRule broken =
          trailers.id(i).pseudo()
              ? FramingRule.PSEUDO_FIELD_LATE
              : FieldRules.http2Field(trailers, i);
      if (broken != null) {
        return broken.refusal();
      }
    }
    return TrailerRules.keepHarmless(trailers)
        ? HeadVerdict.Accepted.ACCEPTED
        : FramingRule.BAD_TRAILER.refusal();
  }

  private static HeadVerdict verdict(RequestHead head, FramingRule broken) {
    if (broken != null) {
      return broken.refusal();
    }
    head.checked = true;
    return HeadVerdict.Accepted.ACCEPTED;
  }

  private static FramingRule http1Fields(RequestHead head) {
    FieldSection fields = head.fields();
    int host = -1;
    int length = -1;
    int coding = -1;
    int upgrade = -1;
    int says = 0;
    FramingRule broken = null;
    for (int i = 0; i < fields.count() && broken == null; i++) {
      switch (fields.id(i)) {
        case HOST -> {
          broken = host < 0 ? null : FramingRule.HOST_REPEATED;
          host = i;
        }
        case CONTENT_LENGTH -> {
          broken = length < 0 ? null : FramingRule.CONTENT_LENGTH_REPEATED;
          length = i;
        }
        case TRANSFER_ENCODING -> {
          broken = coding < 0 ? null : FramingRule.CODING_REPEATED;
          coding = i;
        }
        case CONNECTION ->
            says |=
                FieldRules.connectionOptions(
                    fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
        case UPGRADE -> upgrade = i;
        case EXPECT, TE, OTHER -> broken = field(head, i);
        default -> {}
      }
    }
    if (broken == null) {
      broken = http1Connection(head, says, upgrade);
    }
    if (broken == null) {
      broken = http1Framing(head, length, coding);
    }
    return broken == null ? http1Host(head, host) : broken;
  }

  /** Rules of single fields that are the same in both protocols. */
  static FramingRule field(RequestHead head, int index) {
    FieldSection fields = head.fields();
    return switch (fields.id(index)) {
      case EXPECT -> expectation(head, index);
      case TE -> {
        head.acceptsTrailers |=
            FieldRules.lists(
                fields.bytes(),
                fields.valueStart(index),
                fields.valueEnd(index),
                FieldRules.TRAILERS);
        yield null;
      }
      case OTHER -> FieldRules.aliases(fields, index) ? FramingRule.ALIASED_FIELD_NAME : null;
      default -> null;
    };
  }

  /** A client of HTTP/1.0 cannot mean it, so it is not passed on (RFC 9110 section 10.1.1). */
  private static FramingRule expectation(RequestHead head, int index) {
    if (head.version == HttpVersion.HTTP_1_0) {
      head.fields().remove(index);
      return null;
    }
    if (head.expectsContinue || !head.fields().valueEqualsIgnoringCase(index, CONTINUE)) {
      return FramingRule.BAD_EXPECTATION;
    }
    head.expectsContinue = true;
    return null;
  }

  private static FramingRule http1Connection(RequestHead head, int says, int upgrade) {
    if ((says & FieldRules.MALFORMED) != 0) {
      return FramingRule.BAD_CONNECTION_OPTION;
    }
    if ((says & FieldRules.NAMES_END_TO_END) != 0) {
      return FramingRule.PROTECTED_CONNECTION_OPTION;
    }
    boolean asksToStay =
        head.version == HttpVersion.HTTP_1_1 || (says & FieldRules.SAYS_KEEP_ALIVE) != 0;
    head.persistent = asksToStay && (says & FieldRules.SAYS_CLOSE) == 0;
    if (upgrade >= 0
        && (says & FieldRules.SAYS_UPGRADE) != 0
        && head.version == HttpVersion.HTTP_1_1) {
      boolean websocket = head.fields().valueEqualsIgnoringCase(upgrade, WEBSOCKET);
      head.upgrade = websocket ? RequestHead.Upgrade.WEBSOCKET : RequestHead.Upgrade.OTHER;
    }
    return null;
  }

  private static FramingRule http1Framing(RequestHead head, int length, int coding) {
    FieldSection fields = head.fields();
    if (coding >= 0) {
      if (head.version == HttpVersion.HTTP_1_0) {
        return FramingRule.CODING_IN_HTTP_1_0;
      }
      if (length >= 0) {
        return FramingRule.LENGTH_AND_CODING;
      }
      head.framing = Framing.CHUNKED;
      return FieldRules.codings(fields.bytes(), fields.valueStart(coding), fields.valueEnd(coding));
    }
    if (length >= 0) {
      head.contentLength =
          FieldRules.contentLength(
              fields.bytes(), fields.valueStart(length), fields.valueEnd(length));
      head.framing = head.contentLength > 0 ? Framing.LENGTH : Framing.NONE;
      return head.contentLength < 0 ? FramingRule.BAD_CONTENT_LENGTH : null;
    }
    return null;
  }

  private static FramingRule http1Host(RequestHead head, int host) {
    FieldSection fields = head.fields();
    boolean absolute = head.authorityEnd > 0;
    if (host < 0) {
      boolean mayLack = absolute && head.version == HttpVersion.HTTP_1_0;
      return mayLack ? null : FramingRule.HOST_MISSING;
    }
    int start = fields.valueStart(host);
    int end = fields.valueEnd(host);
    if (absolute && !sameAuthority(head, start, end)) {
      return FramingRule.HOST_MISMATCH;
    }
    return Authority.read(head, start, end) ? null : FramingRule.BAD_HOST;
  }

  static boolean sameAuthority(RequestHead head, int start, int end) {
    byte[] bytes = head.bytes();
    return Octets.equalsIgnoringCase(
        bytes, head.authorityStart, head.authorityEnd, bytes, start, end);
  }
}
