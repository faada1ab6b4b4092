package io.lockgate.http;

import io.netty.buffer.ByteBuf;

/**
 * Writes heads. What is forwarded has been through the check, {@link HopByHop}, {@link
 * ForwardedFields} and {@link CompiledEdits}; framing, connection fields and {@code Via} are made
 * here, whatever the section holds. A head may be written more than once, as retries need. Makes no
 * objects.
 */
public final class HeadWriter {
  /** Receives the fields of a head, names in lower case. Must not change the head meanwhile. */
  public interface FieldVisitor {
    void field(byte[] bytes, int nameStart, int nameEnd, int valueStart, int valueEnd);
  }

  private static final byte[] VERSION_AND_HOST = ascii(" HTTP/1.1\r\nHost: ");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] TRAILERS = ascii("TE: trailers\r\nConnection: TE\r\n");
  private static final byte[] TRAILERS_CLOSE = ascii("TE: trailers\r\nConnection: close, TE\r\n");
  private static final byte[] GET = ascii("GET");
  private static final byte[] UPGRADE = ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");
  private static final byte[] KEY = ascii(WebSocketHandshake.KEY + ": ");
  private static final byte[] ACCEPT = ascii(WebSocketHandshake.ACCEPT + ": ");
  private static final byte[] VIA_1_0 = ascii("Via: 1.0 lockgate\r\n");
  private static final byte[] VIA_1_1 = ascii("Via: 1.1 lockgate\r\n");
  private static final byte[] VIA_2 = ascii("Via: 2 lockgate\r\n");
  private static final byte[] DATE = ascii("Date: ");
  private static final int CRLF = '\r' << 8 | '\n';

  private HeadWriter() {}

  /**
   * Writes a request head for an HTTP/1.1 upstream. Content with {@link Framing#CHUNKED} or {@link
   * Framing#UNTIL_END} must follow in chunks.
   *
   * @param skipPath octets to leave out at the front of the path
   * @param close whether the connection is to end with this exchange
   */
  public static void request(ByteBuf out, RequestHead head, int skipPath, boolean close) {
    assert head.checked();
    out.writeBytes(head.bytes(), head.methodStart, head.methodEnd - head.methodStart);
    targetAndFields(out, head, skipPath);
    long length = requestLength(head);
    if (length >= 0) {
      contentLength(out, length);
    } else if (head.framing != Framing.NONE) {
      out.writeBytes(CHUNKED);
    }
    if (head.acceptsTrailers) {
      out.writeBytes(close ? TRAILERS_CLOSE : TRAILERS);
    } else if (close) {
      out.writeBytes(CLOSE);
    }
    out.writeBytes(via(head.version)).writeShort(CRLF);
  }

  /** Writes a request to change to WebSocket (RFC 6455 section 4.1) for an HTTP/1.1 upstream. */
  public static void webSocketRequest(
      ByteBuf out, RequestHead head, int skipPath, WebSocketHandshake handshake) {
    assert head.checked();
    out.writeBytes(GET);
    targetAndFields(out, head, skipPath);
    out.writeBytes(UPGRADE).writeBytes(KEY);
    handshake.key().writeTo(out);
    out.writeShort(CRLF);
    out.writeBytes(via(head.version)).writeShort(CRLF);
  }

  private static void targetAndFields(ByteBuf out, RequestHead head, int skipPath) {
    byte[] bytes = head.bytes();
    FieldSection fields = head.fields();
    out.writeByte(' ');
    int target = head.outgoingStart() + skipPath;
    if (skipPath > 0 && lacksSlash(head, target)) {
      out.writeByte('/');
    }
    out.writeBytes(bytes, target, head.outgoingEnd() - target);
    out.writeBytes(VERSION_AND_HOST);
    int host = fields.find(FieldName.HOST);
    int hostStart = host < 0 ? head.authorityStart : fields.valueStart(host);
    int hostEnd = host < 0 ? head.authorityEnd : fields.valueEnd(host);
    out.writeBytes(bytes, hostStart, hostEnd - hostStart).writeShort(CRLF);
    fields.writeTo(out, FieldSet.MADE_BY_WRITER);
  }

  /** Tells the fields of a request for an HTTP/2 upstream, pseudo-fields first. */
  public static void visitRequest(
      RequestHead head, int skipPath, boolean https, FieldVisitor visitor) {
    assert head.checked();
    Http2Fields.request(head, skipPath, https, visitor);
  }

  /**
   * Writes a response head for an HTTP/1 client.
   *
   * @param request the method that is answered
   * @param client the client's version
   * @param close whether the connection ends with this exchange; implied where the content can end
   *     in no other way
   * @param date value of {@code Date} if the response has none
   */
  public static void response(
      ByteBuf out,
      ResponseHead head,
      Method request,
      HttpVersion client,
      boolean close,
      AsciiBytes date) {
    assert head.checked();
    out.writeBytes(StatusLines.line(head.status));
    FieldSection fields = head.fields();
    fields.writeTo(out, FieldSet.MADE_BY_WRITER);
    if (head.interim()) {
      out.writeShort(CRLF);
      return;
    }
    if (!fields.contains(FieldName.DATE)) {
      out.writeBytes(DATE);
      date.writeTo(out);
      out.writeShort(CRLF);
    }
    Framing framing = head.framingFor(client);
    long length = responseLength(head, request);
    if (length >= 0) {
      contentLength(out, length);
    } else if (framing == Framing.CHUNKED) {
      out.writeBytes(CHUNKED);
    }
    if (close || framing == Framing.UNTIL_CLOSE) {
      out.writeBytes(CLOSE);
    } else if (client == HttpVersion.HTTP_1_0) {
      out.writeBytes(KEEP_ALIVE);
    }
    if (!head.composed()) {
      out.writeBytes(via(head.version));
    }
    out.writeShort(CRLF);
  }

  /** Writes the consent to change to WebSocket (RFC 6455 section 4.2.2) for an HTTP/1.1 client. */
  public static void webSocketResponse(
      ByteBuf out, ResponseHead head, WebSocketHandshake handshake) {
    assert head.checked();
    out.writeBytes(StatusLines.line(101));
    head.fields().writeTo(out, FieldSet.MADE_BY_WRITER);
    out.writeBytes(UPGRADE).writeBytes(ACCEPT);
    handshake.accept().writeTo(out);
    out.writeShort(CRLF);
    out.writeBytes(via(head.version)).writeShort(CRLF);
  }

  /** Tells the fields of a response for an HTTP/2 client, {@code :status} first. */
  public static void visitResponse(
      ResponseHead head, Method request, AsciiBytes date, FieldVisitor visitor) {
    assert head.checked();
    Http2Fields.response(head, request, date, visitor);
  }

  /** Writes a whole interim response without fields, such as 100 (Continue). */
  public static void interim(ByteBuf out, int status) {
    out.writeBytes(StatusLines.line(status)).writeShort(CRLF);
  }

  /**
   * The length to declare, or -1. A method that is about its content gets a length even without any
   * (RFC 9110 section 8.6).
   */
  static long requestLength(RequestHead head) {
    if (head.framing != Framing.NONE || head.contentLength >= 0) {
      return head.contentLength;
    }
    return switch (head.method) {
      case POST, PUT, PATCH -> 0;
      default -> -1;
    };
  }

  /** The length to declare, or -1 (RFC 9110 section 8.6). */
  static long responseLength(ResponseHead head, Method request) {
    boolean silent = head.status < 200 || head.status == 204;
    boolean asked = head.framing == Framing.LENGTH || head.framing == Framing.NONE;
    if (silent || !asked) {
      return -1;
    }
    if (head.contentLength >= 0 || ResponseCheck.hasNoContent(head, request)) {
      return head.contentLength;
    }
    return 0;
  }

  /** Whether what is left of the target no longer begins as a path does. */
  static boolean lacksSlash(RequestHead head, int target) {
    return target >= head.pathEnd || head.bytes()[target] != '/';
  }

  private static void contentLength(ByteBuf out, long length) {
    out.writeBytes(CONTENT_LENGTH);
    decimal(out, length);
    out.writeShort(CRLF);
  }

  private static void decimal(ByteBuf out, long number) {
    long unit = 1;
    while (number / unit >= 10) {
      unit *= 10;
    }
    for (long rest = number; unit > 0; unit /= 10) {
      out.writeByte((int) ('0' + rest / unit));
      rest %= unit;
    }
  }

  private static byte[] via(HttpVersion received) {
    return switch (received) {
      case HTTP_1_0 -> VIA_1_0;
      case HTTP_1_1 -> VIA_1_1;
      case HTTP_2 -> VIA_2;
    };
  }

  private static byte[] ascii(String text) {
    return AsciiBytes.of(text).toBytes();
  }
}
