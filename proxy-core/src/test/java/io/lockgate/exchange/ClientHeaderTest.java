package io.lockgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.proxyprotocol.ProxyHeader;
import io.lockgate.proxyprotocol.SenderTls;
import io.lockgate.proxyprotocol.TypedValue;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsFacts.Resumption;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a server is told of a client: what is known here, and what was told by who came before. */
class ClientHeaderTest {
  private static final Optional<ProxyHeader.Endpoints> ENDS =
      Optional.of(
          new ProxyHeader.Endpoints(
              new InetSocketAddress("192.0.2.7", 55555),
              new InetSocketAddress("198.51.100.1", 443)));
  private static final TypedValue UNIQUE = TypedValue.of(TypedValue.UNIQUE_ID, "id-1");

  private static TlsFacts tls(String alpn, String sni) {
    return new TlsFacts("h", "TLSv1.3", "C", "x25519", alpn, sni, Resumption.FULL, "");
  }

  private static ProxyHeader received(TypedValue... values) {
    return new ProxyHeader(2, false, Optional.empty(), List.of(values));
  }

  @Test
  void saysWhatWasSettledWhereTlsEnded() {
    ProxyHeader header =
        ClientHeader.terminated(ENDS, Optional.empty(), tls("h2", "www.example.com"));
    assertThat(header)
        .returns(ENDS, ProxyHeader::endpoints)
        .returns(Optional.of("h2"), ProxyHeader::alpn)
        .returns(Optional.of("www.example.com"), ProxyHeader::authority);
    assertThat(header.tls().orElseThrow())
        .returns(true, SenderTls::encrypted)
        .returns(false, SenderTls::certificate)
        .returns(false, SenderTls::verified)
        .returns(Optional.of("TLSv1.3"), SenderTls::version)
        .returns(Optional.of("C"), SenderTls::cipher);
  }

  @Test
  void saysNoNameAndNoProtocolWhereThereIsNone() {
    ProxyHeader header = ClientHeader.terminated(ENDS, Optional.empty(), tls("", ""));
    assertThat(header.values()).extracting(TypedValue::type).containsExactly(TypedValue.SSL);
  }

  @Test
  void saysNothingOfTlsWithoutIt() {
    ProxyHeader header = ClientHeader.terminated(ENDS, Optional.empty(), TlsFacts.NONE);
    assertThat(header.values()).isEmpty();
  }

  @Test
  void subjectThatNobodyVerifiedIsNoVerifiedCertificate() {
    TlsFacts claimed =
        new TlsFacts("h", "TLSv1.3", "C", "", "", "", Resumption.FULL, "CN=device 7,O=Example");
    SenderTls tls = ClientHeader.terminated(ENDS, Optional.empty(), claimed).tls().orElseThrow();
    assertThat(tls.verified()).isFalse();
  }

  @Test
  void passedThroughItSaysWhatTheClientAskedFor() {
    ProxyHeader header = ClientHeader.passedThrough(ENDS, Optional.empty(), "a.example", "mqtt");
    assertThat(header.values())
        .containsExactly(
            TypedValue.of(TypedValue.ALPN, "mqtt"),
            TypedValue.of(TypedValue.AUTHORITY, "a.example"));
  }

  @Test
  void passesOnWhatABalancerSaid() {
    ProxyHeader header =
        ClientHeader.passedThrough(ENDS, Optional.of(received(UNIQUE)), "a.example", "");
    assertThat(header.values())
        .containsExactly(TypedValue.of(TypedValue.AUTHORITY, "a.example"), UNIQUE);
  }

  @Test
  void whatIsKnownHereStandsInThePlaceOfWhatABalancerSaid() {
    TypedValue forged = TypedValue.of(TypedValue.AUTHORITY, "forged.example");
    TypedValue tls = SenderTls.terminated("TLSv1.2", "X", Optional.of("forged"), true).asValue();
    ProxyHeader header =
        ClientHeader.terminated(
            ENDS, Optional.of(received(forged, tls, UNIQUE)), tls("h2", "a.example"));
    assertThat(header.values()).hasSize(4).contains(UNIQUE).doesNotContain(forged, tls);
    assertThat(header.authority()).contains("a.example");
    assertThat(header.tls().orElseThrow().verified()).isFalse();
  }

  @Test
  void balancersWordOfTlsCountsWhereNoneEndedHere() {
    TypedValue tls = SenderTls.terminated("TLSv1.2", "X", Optional.of("device 7"), true).asValue();
    ProxyHeader header = ClientHeader.terminated(ENDS, Optional.of(received(tls)), TlsFacts.NONE);
    assertThat(header.tls().orElseThrow().commonName()).contains("device 7");
  }
}
