package io.lockgate.http2;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes header blocks (RFC 7541) straight from the bytes of a head: names by the static table,
 * values as plain literals, nothing ever put into the dynamic table. That costs some octets on the
 * wire and neither memory per connection nor a look-up per field. One per connection, on its event
 * loop.
 */
public final class HpackEncoder
    implements Http2HeadersEncoder, Http2HeadersEncoder.Configuration, HeadWriter.FieldVisitor {
  private static final int LITERAL = 0x00;
  private static final int LITERAL_NEVER_INDEXED = 0x10;
  private static final int SIZE_UPDATE_TO_ZERO = 0x20;
  private static final int STATUS_INDEX = 8;

  private ByteBuf out;
  private boolean tellTableSize;
  private long maxHeaderListSize = Long.MAX_VALUE;

  /** Appends the block of a response head; to be framed by the caller. */
  public void encode(ByteBuf into, ResponseHead head, Method request, AsciiBytes date) {
    begin(into);
    HeadWriter.visitResponse(head, request, date, this);
    out = null;
  }

  @Override
  public void encodeHeaders(int streamId, Http2Headers headers, ByteBuf buffer) {
    begin(buffer);
    if (headers instanceof OutgoingFields outgoing) {
      outgoing.tell(this);
      out = null;
      return;
    }
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      byte[] name = AsciiString.of(field.getKey()).toByteArray();
      byte[] value = AsciiString.of(field.getValue()).toByteArray();
      write(name, 0, name.length, value, 0, value.length);
    }
    out = null;
  }

  private void begin(ByteBuf into) {
    out = into;
    if (tellTableSize) {
      // RFC 7541 section 4.2: a decoder that lowered the size waits for the encoder to confirm.
      tellTableSize = false;
      into.writeByte(SIZE_UPDATE_TO_ZERO);
    }
  }

  @Override
  public void field(byte[] bytes, int nameStart, int nameEnd, int valueStart, int valueEnd) {
    write(bytes, nameStart, nameEnd, bytes, valueStart, valueEnd);
  }

  private void write(
      byte[] name, int nameStart, int nameEnd, byte[] value, int valueStart, int valueEnd) {
    int index = StaticTable.find(name, nameStart, nameEnd);
    if (index > 0 && index <= STATUS_INDEX) {
      int known = StaticTable.whole(index, value, valueStart, valueEnd);
      if (known > 0) {
        out.writeByte(0x80 | known);
        return;
      }
    }
    int kind = StaticTable.secret(index) ? LITERAL_NEVER_INDEXED : LITERAL;
    integer(kind, 4, index);
    if (index == 0) {
      literal(name, nameStart, nameEnd);
    }
    literal(value, valueStart, valueEnd);
  }

  private void literal(byte[] bytes, int start, int end) {
    integer(0, 7, end - start);
    out.writeBytes(bytes, start, end - start);
  }

  /** RFC 7541 section 5.1. */
  private void integer(int pattern, int prefixBits, int value) {
    int most = (1 << prefixBits) - 1;
    if (value < most) {
      out.writeByte(pattern | value);
      return;
    }
    out.writeByte(pattern | most);
    int rest = value - most;
    while (rest >= 0x80) {
      out.writeByte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  @Override
  public Configuration configuration() {
    return this;
  }

  @Override
  public void maxHeaderTableSize(long max) {
    tellTableSize = true;
  }

  @Override
  public long maxHeaderTableSize() {
    return 0;
  }

  @Override
  public void maxHeaderListSize(long max) {
    maxHeaderListSize = max;
  }

  @Override
  public long maxHeaderListSize() {
    return maxHeaderListSize;
  }

  /** The names of the static table (RFC 7541 appendix A), found by a small open-addressed index. */
  private static final class StaticTable {
    private static final int FIRST_NAME = 1;
    private static final String[] NAMES = {
      ":authority",
      ":method",
      "",
      ":path",
      "",
      ":scheme",
      "",
      ":status",
      "",
      "",
      "",
      "",
      "",
      "",
      "accept-charset",
      "accept-encoding",
      "accept-language",
      "accept-ranges",
      "accept",
      "access-control-allow-origin",
      "age",
      "allow",
      "authorization",
      "cache-control",
      "content-disposition",
      "content-encoding",
      "content-language",
      "content-length",
      "content-location",
      "content-range",
      "content-type",
      "cookie",
      "date",
      "etag",
      "expect",
      "expires",
      "from",
      "host",
      "if-match",
      "if-modified-since",
      "if-none-match",
      "if-range",
      "if-unmodified-since",
      "last-modified",
      "link",
      "location",
      "max-forwards",
      "proxy-authenticate",
      "proxy-authorization",
      "range",
      "referer",
      "refresh",
      "retry-after",
      "server",
      "set-cookie",
      "strict-transport-security",
      "transfer-encoding",
      "user-agent",
      "vary",
      "via",
      "www-authenticate",
    };
    private static final int[] STATUSES = {200, 204, 206, 304, 400, 404, 500};
    private static final AsciiBytes GET = AsciiBytes.of("GET");
    private static final AsciiBytes POST = AsciiBytes.of("POST");
    private static final AsciiBytes ROOT = AsciiBytes.of("/");
    private static final AsciiBytes HTTP = AsciiBytes.of("http");
    private static final AsciiBytes HTTPS = AsciiBytes.of("https");
    private static final int SLOTS = 256;
    private static final byte[][] SLOT_NAMES = new byte[SLOTS][];
    private static final int[] SLOT_INDEXES = new int[SLOTS];
    private static final int SET_COOKIE;
    private static final int AUTHORIZATION;

    static {
      for (int i = 0; i < NAMES.length; i++) {
        if (!NAMES[i].isEmpty()) {
          byte[] name = NAMES[i].getBytes(StandardCharsets.US_ASCII);
          int slot = slot(name, 0, name.length);
          while (SLOT_NAMES[slot] != null) {
            slot = (slot + 1) & (SLOTS - 1);
          }
          SLOT_NAMES[slot] = name;
          SLOT_INDEXES[slot] = FIRST_NAME + i;
        }
      }
      SET_COOKIE = indexOf("set-cookie");
      AUTHORIZATION = indexOf("authorization");
    }

    private static int indexOf(String name) {
      byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
      return find(bytes, 0, bytes.length);
    }

    private static int slot(byte[] name, int start, int end) {
      int hash = end - start;
      hash = hash * 31 + name[start];
      hash = hash * 31 + name[end - 1];
      hash = hash * 31 + name[start + (end - start) / 2];
      return (hash * 0x9E3779B1) >>> 24;
    }

    /** Index of a name in lower case, or 0. */
    static int find(byte[] name, int start, int end) {
      int slot = slot(name, start, end);
      while (SLOT_NAMES[slot] != null) {
        byte[] candidate = SLOT_NAMES[slot];
        if (java.util.Arrays.equals(candidate, 0, candidate.length, name, start, end)) {
          return SLOT_INDEXES[slot];
        }
        slot = (slot + 1) & (SLOTS - 1);
      }
      return 0;
    }

    /** Index of a whole pseudo-field, or 0. */
    static int whole(int index, byte[] value, int start, int end) {
      return switch (index) {
        case 2 -> GET.matches(value, start, end) ? 2 : POST.matches(value, start, end) ? 3 : 0;
        case 4 -> ROOT.matches(value, start, end) ? 4 : 0;
        case 6 -> HTTP.matches(value, start, end) ? 6 : HTTPS.matches(value, start, end) ? 7 : 0;
        case STATUS_INDEX -> status(value, start, end);
        default -> 0;
      };
    }

    private static int status(byte[] value, int start, int end) {
      if (end - start != 3) {
        return 0;
      }
      int status =
          (value[start] - '0') * 100 + (value[start + 1] - '0') * 10 + value[start + 2] - '0';
      for (int i = 0; i < STATUSES.length; i++) {
        if (STATUSES[i] == status) {
          return STATUS_INDEX + i;
        }
      }
      return 0;
    }

    static boolean secret(int index) {
      return index == SET_COOKIE || index == AUTHORIZATION;
    }
  }
}
