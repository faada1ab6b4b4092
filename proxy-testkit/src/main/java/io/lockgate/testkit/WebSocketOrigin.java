package io.lockgate.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A server that agrees to WebSocket and sends every frame back until it is told to close; under
 * some paths it does otherwise, well or badly.
 */
public final class WebSocketOrigin {
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private WebSocketOrigin() {}

  public static ScriptedOrigin start() throws IOException {
    return ScriptedOrigin.playing(WebSocketOrigin::play);
  }

  /** Answers one request, whatever becomes of it, and further ones under {@code /plain}. */
  public static void play(ScriptedOrigin.Peer peer) throws IOException {
    HttpMessage head = peer.readHead();
    while (head.target().startsWith("/plain")) {
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain");
      head = peer.readHead();
    }
    String accept = "Sec-WebSocket-Accept: " + acceptFor(head) + "\r\n";
    String upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    switch (head.target()) {
      case "/echo" -> {
        agree(peer, upgrade + accept);
        echo(peer);
      }
      case "/speaks-first" -> {
        agree(peer, upgrade + accept + "\r\n" + text("hello"));
        peer.close();
      }
      case "/cut" -> {
        agree(peer, upgrade + accept);
        peer.close();
      }
      case "/wrong-accept" -> {
        agree(peer, upgrade + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n");
        peer.readUntilClosed();
      }
      case "/no-accept" -> {
        agree(peer, upgrade);
        peer.readUntilClosed();
      }
      case "/no-connection" -> {
        agree(peer, "Upgrade: websocket\r\n" + accept);
        peer.readUntilClosed();
      }
      case "/other-protocol" -> {
        agree(peer, "Connection: Upgrade\r\nUpgrade: h2c\r\n" + accept);
        peer.readUntilClosed();
      }
      case "/with-length" -> {
        agree(peer, upgrade + accept + "Content-Length: 5\r\n");
        peer.readUntilClosed();
      }
      default -> peer.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").close();
    }
  }

  private static String acceptFor(HttpMessage head) {
    String key = head.field("Sec-WebSocket-Key").orElse("none");
    try {
      String text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Consents to what {@code head} asks for. */
  public static void agreeTo(HttpMessage head, ScriptedOrigin.Peer peer) throws IOException {
    String accept = "Sec-WebSocket-Accept: " + acceptFor(head) + "\r\n";
    agree(peer, "Connection: Upgrade\r\nUpgrade: websocket\r\n" + accept);
  }

  private static void agree(ScriptedOrigin.Peer peer, String fields) throws IOException {
    peer.write("HTTP/1.1 101 Switching Protocols\r\nX-Kept: 1\r\n" + fields);
    if (!fields.contains("\r\n\r\n")) {
      peer.write("\r\n");
    }
  }

  /** Sends every frame back until it is told to close. */
  public static void echo(ScriptedOrigin.Peer peer) throws IOException {
    while (true) {
      byte[] start = peer.readExactly(2);
      int opcode = start[0] & 15;
      byte[] masked = peer.readExactly(length(peer, start[1] & 127));
      byte[] key = Arrays.copyOf(masked, 4);
      byte[] payload = new byte[masked.length - 4];
      for (int i = 0; i < payload.length; i++) {
        payload[i] = (byte) (masked[i + 4] ^ key[i & 3]);
      }
      peer.write(frame((start[0] & 0xf0) | (opcode == PING ? PONG : opcode), payload));
      if (opcode == CLOSE) {
        peer.close();
        return;
      }
    }
  }

  /** Of mask and payload. */
  private static int length(ScriptedOrigin.Peer peer, int shortLength) throws IOException {
    return 4
        + switch (shortLength) {
          case 126 -> ByteBuffer.wrap(peer.readExactly(2)).getShort() & 0xffff;
          case 127 -> (int) ByteBuffer.wrap(peer.readExactly(8)).getLong();
          default -> shortLength;
        };
  }

  /** A frame without a mask, as servers send them. */
  public static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    if (payload.length < 126) {
      out.write(payload.length);
    } else if (payload.length < 0x10000) {
      out.write(126);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      out.write(127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /** A text frame of a server. */
  public static String text(String content) {
    return new String(frame(0x81, content.getBytes(ISO_8859_1)), ISO_8859_1);
  }

  /** A frame of a client, whose mask changes nothing. */
  public static byte[] masked(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(6 + payload.length);
    frame.put((byte) (0x80 | opcode)).put((byte) (0x80 | payload.length)).putInt(0).put(payload);
    return frame.array();
  }
}
