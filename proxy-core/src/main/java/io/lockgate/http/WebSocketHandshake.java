package io.lockgate.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/**
 * The question of one opening handshake and the one answer that fits it (RFC 6455 section 4): a
 * server that does not give that answer has not agreed to leave HTTP. Immutable.
 *
 * @param key value of {@code Sec-WebSocket-Key}
 * @param accept value of {@code Sec-WebSocket-Accept} that it asks for
 */
public record WebSocketHandshake(AsciiBytes key, AsciiBytes accept) {
  public static final String KEY = "Sec-WebSocket-Key";
  public static final String ACCEPT = "Sec-WebSocket-Accept";

  private static final byte[] SUFFIX =
      "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".getBytes(StandardCharsets.US_ASCII);
  private static final int NONCE_BYTES = 16;
  private static final int KEY_LENGTH = 24;

  /** A handshake of our own, for a client that needs none. */
  public static WebSocketHandshake of(byte[] nonce) {
    assert nonce.length == NONCE_BYTES;
    return answered(Base64.getEncoder().encode(nonce));
  }

  /**
   * What an HTTP/1.1 client asks for with a checked head; empty where it asks for something else,
   * or not as RFC 6455 section 4.1 has it: its request is one like any other then.
   */
  public static Optional<WebSocketHandshake> asked(RequestHead head) {
    FieldSection fields = head.fields();
    int upgrade = fields.find(FieldName.UPGRADE);
    int key = fields.find(KEY);
    boolean asks =
        head.upgrade() == RequestHead.Upgrade.WEBSOCKET
            && head.version() == HttpVersion.HTTP_1_1
            && head.method() == Method.GET
            && head.framing() == Framing.NONE
            && fields.findNext(FieldName.UPGRADE, upgrade) < 0
            && key >= 0
            && fields.findNext(KEY, key) < 0;
    if (!asks) {
      return Optional.empty();
    }
    byte[] text = fields.value(key).getBytes(StandardCharsets.ISO_8859_1);
    return isKey(text) ? Optional.of(answered(text)) : Optional.empty();
  }

  private static boolean isKey(byte[] text) {
    try {
      return text.length == KEY_LENGTH && Base64.getDecoder().decode(text).length == NONCE_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static WebSocketHandshake answered(byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(key);
      byte[] accept = Base64.getEncoder().encode(digest.digest(SUFFIX));
      return new WebSocketHandshake(AsciiBytes.wrap(key), AsciiBytes.wrap(accept));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-1", e);
    }
  }

  /** Whether an HTTP/1.1 server's 101 answers this very question (RFC 6455 section 4.1). */
  boolean acceptedBy(ResponseHead head) {
    FieldSection fields = head.fields();
    int upgrade = fields.find(FieldName.UPGRADE);
    int accepted = fields.find(ACCEPT);
    return head.version() == HttpVersion.HTTP_1_1
        && upgrade >= 0
        && fields.findNext(FieldName.UPGRADE, upgrade) < 0
        && fields.valueEqualsIgnoringCase(upgrade, RequestCheck.WEBSOCKET)
        && saysUpgrade(fields)
        && accepted >= 0
        && fields.findNext(ACCEPT, accepted) < 0
        && fields.valueEquals(accepted, accept)
        && !fields.contains(FieldName.TRANSFER_ENCODING)
        && !fields.contains(FieldName.CONTENT_LENGTH);
  }

  private static boolean saysUpgrade(FieldSection fields) {
    int says = 0;
    for (int i = fields.find(FieldName.CONNECTION);
        i >= 0;
        i = fields.findNext(FieldName.CONNECTION, i)) {
      says |=
          FieldRules.connectionOptions(fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
    }
    return (says & FieldRules.SAYS_UPGRADE) != 0 && (says & FieldRules.MALFORMED) == 0;
  }
}
