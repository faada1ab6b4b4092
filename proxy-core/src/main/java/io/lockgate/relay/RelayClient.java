package io.lockgate.relay;

import io.lockgate.config.model.UpstreamConfig.SendProxyProtocol;
import io.lockgate.http.FieldSection;
import io.lockgate.proxyprotocol.ProxyHeader;
import io.lockgate.upstream.Announcement;
import io.lockgate.upstream.RequestFacts;
import java.util.function.Supplier;

/**
 * The client of a relay, as the choice of a server and the server itself may know it.
 *
 * @param clientAddress as text, without port
 * @param header what servers that want to know are told
 */
public record RelayClient(String clientAddress, Supplier<ProxyHeader> header)
    implements RequestFacts, Announcement {
  private static final FieldSection NONE = new FieldSection();

  @Override
  public FieldSection fields() {
    return NONE;
  }

  @Override
  public Announcement announcement() {
    return this;
  }

  @Override
  public byte[] encoded(SendProxyProtocol version) {
    return Announcement.encoded(header.get(), version);
  }
}
