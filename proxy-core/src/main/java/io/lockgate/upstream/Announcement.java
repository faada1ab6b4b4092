package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig.SendProxyProtocol;
import io.lockgate.proxyprotocol.HeaderWriter;
import io.lockgate.proxyprotocol.ProxyHeader;

/**
 * What a server is told of a client's connection before its first byte. A connection to a server
 * that was told is used for this client's connection alone.
 */
public interface Announcement {
  /** Of connections that are the proxy's own. */
  Announcement OF_NOBODY = version -> HeaderWriter.local(version == SendProxyProtocol.V1 ? 1 : 2);

  /**
   * The header to be sent.
   *
   * @param version not {@code OFF}
   */
  byte[] encoded(SendProxyProtocol version);

  /** The header as either version has it. */
  static byte[] encoded(ProxyHeader header, SendProxyProtocol version) {
    return version == SendProxyProtocol.V1
        ? HeaderWriter.text(header)
        : HeaderWriter.binary(header);
  }
}
