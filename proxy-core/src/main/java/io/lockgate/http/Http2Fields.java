package io.lockgate.http;

import io.lockgate.http.HeadWriter.FieldVisitor;

/**
 * Tells the fields of a head in the order and form of HTTP/2 (RFC 9113 section 8). What is made
 * here is put behind the head's own fields for the time of the visit. Makes no objects.
 */
final class Http2Fields {
  private static final AsciiBytes CONNECT = AsciiBytes.of("CONNECT");
  private static final AsciiBytes HTTP = AsciiBytes.of("http");
  private static final AsciiBytes HTTPS = AsciiBytes.of("https");
  private static final AsciiBytes VIA_1_0 = AsciiBytes.of("1.0 lockgate");
  private static final AsciiBytes VIA_1_1 = AsciiBytes.of("1.1 lockgate");
  private static final AsciiBytes VIA_2 = AsciiBytes.of("2 lockgate");

  private Http2Fields() {}

  static void request(RequestHead head, int skipPath, boolean https, FieldVisitor visitor) {
    FieldSection fields = head.fields();
    int count = fields.count();
    int host = fields.find(FieldName.HOST);
    int hostStart = host < 0 ? head.authorityStart : fields.valueStart(host);
    int hostEnd = host < 0 ? head.authorityEnd : fields.valueEnd(host);
    method(head, visitor);
    fields.append(FieldName.PSEUDO_SCHEME, https ? HTTPS : HTTP);
    tell(fields, visitor);
    fields.append(FieldName.PSEUDO_AUTHORITY, fields.bytes(), hostStart, hostEnd);
    tell(fields, visitor);
    path(head, skipPath);
    tell(fields, visitor);
    tellAll(fields, count, visitor);
    long length = HeadWriter.requestLength(head);
    if (length >= 0) {
      tellLength(fields, length, visitor);
    }
    if (head.acceptsTrailers) {
      fields.append(FieldName.TE, FieldRules.TRAILERS);
      tell(fields, visitor);
    }
    fields.append(FieldName.VIA, via(head.version));
    tell(fields, visitor);
  }

  static void response(ResponseHead head, Method request, AsciiBytes date, FieldVisitor visitor) {
    FieldSection fields = head.fields();
    int count = fields.count();
    decimal(fields, FieldName.PSEUDO_STATUS, head.status);
    tell(fields, visitor);
    tellAll(fields, count, visitor);
    if (head.interim()) {
      return;
    }
    if (!fields.contains(FieldName.DATE)) {
      fields.append(FieldName.DATE, date);
      tell(fields, visitor);
    }
    long length = HeadWriter.responseLength(head, request);
    if (length >= 0) {
      tellLength(fields, length, visitor);
    }
    if (!head.composed()) {
      fields.append(FieldName.VIA, via(head.version));
      tell(fields, visitor);
    }
  }

  private static void method(RequestHead head, FieldVisitor visitor) {
    FieldSection fields = head.fields();
    if (head.upgrade == RequestHead.Upgrade.WEBSOCKET) {
      fields.append(FieldName.PSEUDO_METHOD, CONNECT);
      tell(fields, visitor);
      fields.append(FieldName.PSEUDO_PROTOCOL, RequestCheck.WEBSOCKET);
    } else {
      fields.append(FieldName.PSEUDO_METHOD, fields.bytes(), head.methodStart, head.methodEnd);
    }
    tell(fields, visitor);
  }

  private static void path(RequestHead head, int skipPath) {
    FieldSection fields = head.fields();
    int target = head.outgoingStart() + skipPath;
    if (skipPath > 0 && HeadWriter.lacksSlash(head, target)) {
      int length = head.targetEnd - target;
      int at = fields.reserve(length + 1);
      fields.bytes()[at] = '/';
      System.arraycopy(fields.bytes(), target, fields.bytes(), at + 1, length);
      fields.used(at + length + 1);
      fields.append(FieldName.PSEUDO_PATH, fields.bytes(), at, at + length + 1);
    } else {
      fields.append(FieldName.PSEUDO_PATH, fields.bytes(), target, head.outgoingEnd());
    }
  }

  private static void tellAll(FieldSection fields, int count, FieldVisitor visitor) {
    for (int i = 0; i < count; i++) {
      if (!fields.isRemoved(i) && !FieldSet.MADE_BY_WRITER.has(fields.id(i))) {
        tell(fields, i, visitor);
      }
    }
  }

  private static void tellLength(FieldSection fields, long length, FieldVisitor visitor) {
    decimal(fields, FieldName.CONTENT_LENGTH, length);
    tell(fields, visitor);
  }

  /** Tells the field that was put last, and takes it away again. */
  private static void tell(FieldSection fields, FieldVisitor visitor) {
    int last = fields.count() - 1;
    tell(fields, last, visitor);
    fields.remove(last);
  }

  private static void tell(FieldSection fields, int index, FieldVisitor visitor) {
    byte[] bytes = fields.bytes();
    int nameStart = fields.nameStart(index);
    int nameEnd = fields.nameEnd(index);
    for (int at = nameStart; at < nameEnd; at++) {
      bytes[at] = Octets.lower(bytes[at]);
    }
    visitor.field(bytes, nameStart, nameEnd, fields.valueStart(index), fields.valueEnd(index));
  }

  private static void decimal(FieldSection fields, FieldName name, long number) {
    int end = fields.reserve(20) + 20;
    byte[] bytes = fields.bytes();
    int at = end;
    long rest = number;
    do {
      bytes[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    fields.used(end);
    fields.append(name, bytes, at, end);
  }

  private static AsciiBytes via(HttpVersion received) {
    return switch (received) {
      case HTTP_1_0 -> VIA_1_0;
      case HTTP_1_1 -> VIA_1_1;
      case HTTP_2 -> VIA_2;
    };
  }
}
