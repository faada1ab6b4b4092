package io.lockgate.tls;

import io.lockgate.tls.ClientHello.NameKind;
import io.lockgate.tls.ClientHello.ResumptionOffer;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses one whole ClientHello message (RFC 8446 section 4.1.2) in place. Every length is checked
 * against the bytes that are there before it is believed.
 */
final class HelloParser {
  private static final int SERVER_NAME = 0;
  private static final int SUPPORTED_GROUPS = 10;
  private static final int SIGNATURE_ALGORITHMS = 13;
  private static final int ALPN = 16;
  private static final int SESSION_TICKET = 35;
  private static final int PRE_SHARED_KEY = 41;
  private static final int SUPPORTED_VERSIONS = 43;
  private static final int KEY_SHARE = 51;

  private static final int MESSAGE_HEADER = 4;
  private static final int RANDOM = 32;
  private static final int SSL_3_0 = 0x0300;

  /** No client sends half as many; a bound on the work that 16 KiB of crumbs can cause. */
  private static final int MAX_EXTENSIONS = 128;

  private static final int MAX_PROTOCOLS = 64;

  private final ByteBuf in;
  private int at;
  private int end;

  private CodePoints versions = CodePoints.NONE;
  private CodePoints groups = CodePoints.NONE;
  private CodePoints keyShares = CodePoints.NONE;
  private CodePoints signatures = CodePoints.NONE;
  private List<String> alpn = List.of();
  private ServerName name = ServerName.ABSENT;
  private boolean ticket;
  private boolean psk;

  private HelloParser(ByteBuf in, int from, int length) {
    this.in = in;
    this.at = from;
    this.end = from + length;
  }

  static HelloReading parse(ByteBuf in, int from, int length) {
    try {
      return new HelloParser(in, from, length).hello(length);
    } catch (Malformed e) {
      return new HelloReading.Failed(HandshakeFailure.MALFORMED, e.getMessage());
    }
  }

  private HelloReading hello(int length) {
    skip(MESSAGE_HEADER);
    int legacyVersion = u16();
    if (legacyVersion <= SSL_3_0) {
      return new HelloReading.Failed(
          HandshakeFailure.PROTOCOL_VERSION, "The client offers no more than SSL 3.0.");
    }
    skip(RANDOM);
    int sessionId = u8();
    require(sessionId <= 32, "The session id is longer than 32 bytes.");
    skip(sessionId);
    CodePoints ciphers = codePoints(u16());
    require(!ciphers.isEmpty(), "The ClientHello offers no cipher suites.");
    int compressions = u8();
    require(compressions > 0, "The ClientHello offers no compression method.");
    skip(compressions);
    CodePoints extensions = at == end ? CodePoints.NONE : extensions();
    return new HelloReading.Complete(
        new ClientHello(
            legacyVersion,
            versions,
            ciphers,
            groups,
            keyShares,
            signatures,
            alpn,
            name.text(),
            name.kind(),
            offer(sessionId > 0),
            extensions,
            length));
  }

  private ResumptionOffer offer(boolean sessionId) {
    if (psk) {
      return ResumptionOffer.PSK;
    }
    if (ticket) {
      return ResumptionOffer.TICKET;
    }
    return sessionId ? ResumptionOffer.SESSION_ID : ResumptionOffer.NONE;
  }

  private CodePoints extensions() {
    require(u16() == end - at, "The extensions do not fill the ClientHello.");
    char[] types = new char[countExtensions()];
    long seen = 0;
    int messageEnd = end;
    for (int i = 0; i < types.length; i++) {
      int type = u16();
      int length = u16();
      types[i] = (char) type;
      require(isFirst(types, i, seen), "An extension comes twice (RFC 8446 section 4.2).");
      if (type < Long.SIZE) {
        seen |= 1L << type;
        end = at + length;
        extension(type, length);
        require(at == end, "An extension has bytes to spare.");
        end = messageEnd;
      } else {
        skip(length);
      }
    }
    return new CodePoints(types);
  }

  /**
   * @param seen the types below 64 before this one, a bit each
   */
  private static boolean isFirst(char[] types, int index, long seen) {
    int type = types[index];
    if (type < Long.SIZE) {
      return (seen & 1L << type) == 0;
    }
    for (int i = 0; i < index; i++) {
      if (types[i] == type) {
        return false;
      }
    }
    return true;
  }

  private int countExtensions() {
    int from = at;
    int count = 0;
    while (at < end) {
      skip(2);
      skip(u16());
      count++;
    }
    require(count <= MAX_EXTENSIONS, "The ClientHello has more than 128 extensions.");
    at = from;
    return count;
  }

  private void extension(int type, int length) {
    switch (type) {
      case SERVER_NAME -> name = serverName();
      case SUPPORTED_GROUPS -> groups = codePoints(u16());
      case SIGNATURE_ALGORITHMS -> signatures = codePoints(u16());
      case ALPN -> alpn = protocols();
      case SUPPORTED_VERSIONS -> versions = codePoints(u8());
      case KEY_SHARE -> keyShares = shares();
      case SESSION_TICKET -> {
        ticket = length > 0;
        skip(length);
      }
      case PRE_SHARED_KEY -> {
        psk = true;
        skip(length);
      }
      default -> skip(length);
    }
  }

  /** RFC 6066 section 3: a list that holds at most one name of each type. */
  private ServerName serverName() {
    require(u16() == end - at, "The server_name extension has a wrong length.");
    ServerName found = ServerName.ABSENT;
    while (at < end) {
      int type = u8();
      int length = u16();
      require(length > 0 && length <= end - at, "A server name has a wrong length.");
      if (type == 0) {
        require(found.kind() == NameKind.ABSENT, "The ClientHello holds two host names.");
        found = ServerName.parse(in, at, length);
      }
      skip(length);
    }
    return found;
  }

  /** RFC 7301 section 3.1. */
  private List<String> protocols() {
    require(u16() == end - at, "The ALPN extension has a wrong length.");
    List<String> names = new ArrayList<>(4);
    while (at < end) {
      int length = u8();
      require(length > 0 && length <= end - at, "A protocol name has a wrong length.");
      require(names.size() < MAX_PROTOCOLS, "The client offers more than 64 protocols.");
      names.add(protocol(length));
      skip(length);
    }
    return List.copyOf(names);
  }

  /** The names that nearly every client sends cost no new string. */
  private String protocol(int length) {
    if (length == 2 && in.getUnsignedShort(at) == ('h' << 8 | '2')) {
      return "h2";
    }
    String name = in.toString(at, length, StandardCharsets.ISO_8859_1);
    return "http/1.1".equals(name) ? "http/1.1" : name;
  }

  private CodePoints shares() {
    require(u16() == end - at, "The key_share extension has a wrong length.");
    char[] found = new char[8];
    int count = 0;
    while (at < end) {
      int group = u16();
      skip(u16());
      if (count < found.length) {
        found[count++] = (char) group;
      }
    }
    return new CodePoints(java.util.Arrays.copyOf(found, count));
  }

  private CodePoints codePoints(int bytes) {
    require((bytes & 1) == 0, "A list of two-byte values has an odd length.");
    require(bytes <= end - at, "A list is longer than what holds it.");
    char[] values = new char[bytes / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = (char) in.getUnsignedShort(at + 2 * i);
    }
    at += bytes;
    return new CodePoints(values);
  }

  private int u8() {
    require(at < end, "The ClientHello ends too early.");
    return in.getUnsignedByte(at++);
  }

  private int u16() {
    require(end - at >= 2, "The ClientHello ends too early.");
    int value = in.getUnsignedShort(at);
    at += 2;
    return value;
  }

  private void skip(int bytes) {
    require(bytes <= end - at, "The ClientHello ends too early.");
    at += bytes;
  }

  private static void require(boolean met, String otherwise) {
    if (!met) {
      throw new Malformed(otherwise);
    }
  }

  /** Never leaves the parser; without a stack trace, as peers can cause as many as they like. */
  private static final class Malformed extends RuntimeException {
    Malformed(String message) {
      super(message, null, false, false);
    }
  }
}
