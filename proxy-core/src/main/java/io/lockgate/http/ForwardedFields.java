package io.lockgate.http;

import io.lockgate.config.model.HttpConfig;
import java.net.InetAddress;

/** How upstreams are told who the client was. */
public final class ForwardedFields {
  private ForwardedFields() {}

  public static ForwardedFields of(HttpConfig.Forwarded policy) {
    throw new UnsupportedOperationException();
  }

  /**
   * What is the same for all requests of a connection.
   *
   * @param peer the address of whoever opened the connection
   * @param peerText the same as text
   * @param tls whether the connection is encrypted
   * @param localPort the port it was opened to
   */
  public ForConnection forConnection(
      InetAddress peer, String peerText, boolean tls, int localPort) {
    throw new UnsupportedOperationException();
  }

  /** Ready for the requests of one connection, on its event loop. */
  public static final class ForConnection {
    private ForConnection() {}

    /** The effective client's address as text: of the peer, or what trusted proxies say. */
    public String clientAddress(RequestHead head) {
      throw new UnsupportedOperationException();
    }

    /** Puts our fields in the place of the client's, or behind those of a trusted proxy. */
    public void apply(RequestHead head) {
      throw new UnsupportedOperationException();
    }
  }
}
