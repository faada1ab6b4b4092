package io.lockgate.bench;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * Two engines joined by memory, both worked by the calling thread. Never closes an engine; used by
 * one thread.
 */
final class EnginePair {
  private static final int ROOM_BYTES = 128 * 1024;
  private static final int MOST_FLIGHTS = 8;
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final ByteBuffer toServer = ByteBuffer.allocateDirect(ROOM_BYTES);
  private final ByteBuffer toClient = ByteBuffer.allocateDirect(ROOM_BYTES);
  private final ByteBuffer spoken = ByteBuffer.allocateDirect(1);
  private final ByteBuffer heard = ByteBuffer.allocateDirect(ROOM_BYTES);

  /**
   * A handshake, then an octet each way: session tickets travel with the first thing the server
   * says.
   */
  void converse(SSLEngine client, SSLEngine server, ServerShare share) throws SSLException {
    toServer.clear();
    toClient.clear();
    client.beginHandshake();
    for (int flight = 0; shaking(client) || shaking(server); flight++) {
      if (flight == MOST_FLIGHTS) {
        throw new IllegalStateException("the handshake does not end");
      }
      take(client, toClient, toServer);
      share.begin();
      take(server, toServer, toClient);
      share.end();
    }
    say(client, toServer);
    share.begin();
    int atServer = take(server, toServer, toClient);
    say(server, toClient);
    share.end();
    int atClient = take(client, toClient, toServer);
    if (atServer != 1 || atClient != 1) {
      throw new IllegalStateException("the two do not understand each other");
    }
  }

  /** What the client sends first. */
  byte[] hello(SSLEngine client) throws SSLException {
    toServer.clear();
    client.beginHandshake();
    take(client, toClient.clear(), toServer);
    byte[] bytes = new byte[toServer.flip().remaining()];
    toServer.get(bytes);
    return bytes;
  }

  private static boolean shaking(SSLEngine engine) {
    return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
  }

  private void say(SSLEngine engine, ByteBuffer out) throws SSLException {
    engine.wrap(spoken.clear(), out);
  }

  /** Works off what has come in and what is to be sent; answers how much content there was. */
  private int take(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    in.flip();
    heard.clear();
    boolean moved = true;
    while (moved) {
      HandshakeStatus status = engine.getHandshakeStatus();
      moved =
          switch (status) {
            case NEED_TASK -> ranTasks(engine);
            case NEED_WRAP -> moved(engine.wrap(NOTHING, out), status);
            // Also without input: BoringSSL's engine tells the end of a handshake only when asked.
            default -> moved(engine.unwrap(in, heard), status);
          };
    }
    in.compact();
    return heard.position();
  }

  /** A step may do nothing but find out what comes next. */
  private static boolean moved(SSLEngineResult result, HandshakeStatus before) {
    return result.bytesConsumed() > 0
        || result.bytesProduced() > 0
        || result.getHandshakeStatus() != before;
  }

  private static boolean ranTasks(SSLEngine engine) {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
    return true;
  }
}
