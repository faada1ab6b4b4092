package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.CidrBlock;
import io.lockgate.config.model.HttpConfig;
import io.lockgate.limit.ClientNetwork;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedFieldsTest {
  private static final List<CidrBlock> TRUSTED =
      List.of(
          CidrBlock.parse("10.0.0.0/8"),
          CidrBlock.parse("192.168.4.0/22"),
          CidrBlock.parse("2001:db8::/32"));
  private static final String START = "GET / HTTP/1.1|Host: a.test:8443|";

  @Nested
  class FromAClient {
    @Test
    void replacesWhatItSaysAboutItself() throws UnknownHostException {
      RequestHead head =
          Heads.request(
              START
                  + "X-Forwarded-For: 6.6.6.6|X-Forwarded-Proto: x|X-Forwarded-Host: x"
                  + "|X-Forwarded-Port: x|X-Forwarded-Prefix: /x|X-Real-IP: 6.6.6.6|Forwarded: for=x"
                  + "|X-Forwarded-Client-Cert: x|Client-Cert: x|Keep: k||");
      forwarding("1.2.3.4", true, false).apply(head);
      assertThat(Heads.live(head.fields()))
          .containsExactly(
              "Host: a.test:8443",
              "Keep: k",
              "X-Forwarded-For: 1.2.3.4",
              "X-Forwarded-Proto: https",
              "X-Forwarded-Host: a.test:8443",
              "X-Forwarded-Port: 443",
              "X-Real-IP: 1.2.3.4");
    }

    @Test
    void removesWhatItSaysEvenWhereNothingReplacesIt() throws UnknownHostException {
      RequestHead head =
          Heads.request(START + "X-Forwarded-For: 6.6.6.6|Forwarded: for=x|X-Real-IP: y||");
      forwarding("1.2.3.4", false, false).apply(head);
      assertThat(Heads.live(head.fields())).containsExactly("Host: a.test:8443");
    }

    @ParameterizedTest
    @CsvSource({
      "1.2.3.4, 'for=1.2.3.4;proto=https;host=\"a.test:8443\"'",
      "2001:470::1, 'for=\"[2001:470:0:0:0:0:0:1]\";proto=https;host=\"a.test:8443\"'"
    })
    void writesForwarded(String peer, String element) throws UnknownHostException {
      RequestHead head = Heads.request(START + "Forwarded: for=6.6.6.6||");
      forwarding(peer, false, true).apply(head);
      assertThat(Heads.live(head.fields()))
          .containsExactly("Host: a.test:8443", "Forwarded: " + element);
    }

    @Test
    void believesNothingAboutItsAddress() throws UnknownHostException {
      RequestHead head = Heads.request(START + "X-Forwarded-For: 6.6.6.6||");
      assertThat(forwarding("1.2.3.4", true, false).clientAddress(head)).isEqualTo("1.2.3.4");
      assertThat(forwarding("192.168.8.1", true, false).clientAddress(head))
          .as("just outside a trusted block")
          .isEqualTo("192.168.8.1");
    }
  }

  @Nested
  class FromATrustedProxy {
    @Test
    void extendsWhatItSays() throws UnknownHostException {
      RequestHead head =
          Heads.request(
              START
                  + "X-Forwarded-For: 6.6.6.6|X-Forwarded-For: 7.7.7.7, 8.8.8.8"
                  + "|X-Forwarded-Proto: http|X-Real-IP: 6.6.6.6||");
      forwarding("10.0.0.1", true, false).apply(head);
      assertThat(Heads.live(head.fields()))
          .containsExactly(
              "Host: a.test:8443",
              "X-Forwarded-Proto: http",
              "X-Real-IP: 6.6.6.6",
              "X-Forwarded-For: 6.6.6.6, 7.7.7.7, 8.8.8.8, 10.0.0.1",
              "X-Forwarded-Host: a.test:8443",
              "X-Forwarded-Port: 443");
    }

    @Test
    void addsAnElementOfForwarded() throws UnknownHostException {
      RequestHead head = Heads.request(START + "Forwarded: for=6.6.6.6||");
      forwarding("10.0.0.1", false, true).apply(head);
      assertThat(Heads.live(head.fields()))
          .containsExactly(
              "Host: a.test:8443",
              "Forwarded: for=6.6.6.6",
              "Forwarded: for=10.0.0.1;proto=https;host=\"a.test:8443\"");
    }

    @ParameterizedTest
    @CsvSource({
      "'', 10.0.0.1",
      "X-Forwarded-For: 1.1.1.1, 1.1.1.1",
      "'X-Forwarded-For: 6.6.6.6, 1.1.1.1', 1.1.1.1",
      "'X-Forwarded-For: 1.1.1.1, 10.9.9.9, 192.168.7.255', 1.1.1.1",
      "'X-Forwarded-For: 10.1.1.1, 10.2.2.2', 10.1.1.1",
      "'X-Forwarded-For: 6.6.6.6, garbage, 10.2.2.2', 10.2.2.2",
      "'X-Forwarded-For: 6.6.6.6, ', 10.0.0.1",
      "'X-Forwarded-For: 6.6.6.6, unknown', 10.0.0.1",
      "'X-Forwarded-For: 6.6.6.6, 1.1.1.256', 10.0.0.1",
      "'X-Forwarded-For: 6.6.6.6, 01.1.1.1', 10.0.0.1",
      "'X-Forwarded-For: 6.6.6.6, 1.1.1', 10.0.0.1",
      "X-Forwarded-For: 6.6.6.6|X-Forwarded-For: 1.1.1.1, 1.1.1.1",
      "X-Forwarded-For: 1.1.1.1:99, 1.1.1.1",
      "X-Forwarded-For: 1.1.1.1:x, 10.0.0.1",
      "X-Forwarded-For: [2001:470::1]:99, 2001:470::1",
      "X-Forwarded-For: 2001:470::1, 2001:470::1",
      "'X-Forwarded-For: 2001:470::1, 2001:db8:1::5', 2001:470::1",
      "'X-Forwarded-For: 1.1.1.1, ::ffff:10.1.1.1', 1.1.1.1",
      "X-Forwarded-For: [::1, 10.0.0.1",
      "X-Forwarded-For: 1.1.1.1\t, 1.1.1.1",
      "Forwarded: for=1.1.1.1;proto=http, 1.1.1.1",
      "'Forwarded: for=6.6.6.6, proto=http;For=\"[2001:470::1]:99\"', 2001:470::1",
      "'Forwarded: for=1.1.1.1, for=10.1.1.1;by=\"a,b;c\"', 1.1.1.1",
      "'Forwarded: for=6.6.6.6, proto=http', 10.0.0.1",
      "Forwarded: for=_hidden, 10.0.0.1",
      "'Forwarded: for=6.6.6.6, for=_hidden, for=10.2.2.2', 10.2.2.2",
      "'Forwarded: for=6.6.6.6, for=unknown', 10.0.0.1",
      "'Forwarded: for=6.6.6.6, for=\"_x:_y\"', 10.0.0.1",
      "'Forwarded: for=\"1.1.1.1:_port\"', 1.1.1.1",
      "'Forwarded: for=\", for=1.1.1.1', 1.1.1.1",
      "'Forwarded: for=\"a\\\", for=1.1.1.1', 1.1.1.1",
      "'Forwarded: for=1.1.1.1;for=2.2.2.2', 10.0.0.1",
      "'Forwarded: for =1.1.1.1', 10.0.0.1",
      "'Forwarded: for=1.1.1.1;', 10.0.0.1",
      "'Forwarded: for=1.1.1.1 by=x', 10.0.0.1",
      "'Forwarded: for=2001:470::1', 10.0.0.1",
      "'Forwarded: for=\"\"', 10.0.0.1",
      "'Forwarded: ', 10.0.0.1",
      "'X-Forwarded-For: 1.1.1.1:65536', 10.0.0.1",
      "'X-Forwarded-For: 1.1.1.1:', 10.0.0.1",
      "'X-Forwarded-For: 6.6.6.6, _hidden', 10.0.0.1",
      "'X-Forwarded-For: fe80::1%eth0', 10.0.0.1",
      "'X-Forwarded-For: 6.6.6.6,, 10.1.1.1', 10.1.1.1",
      "'X-Forwarded-For: 6.6.6.6, 1.1.1.1|X-Forwarded-For: 10.1.1.1, 10.1.1.2', 1.1.1.1",
      "Forwarded: for=6.6.6.6|X-Forwarded-For: 1.1.1.1, 1.1.1.1"
    })
    void findsTheClientAsTheRightMostHopThatIsNotTrusted(String lines, String client)
        throws UnknownHostException {
      String fields = lines.isEmpty() ? "" : lines + "|";
      RequestHead head = Heads.request(START + fields + "|");
      assertThat(forwarding("10.0.0.1", true, false).clientAddress(head)).isEqualTo(client);
    }
  }

  @Nested
  class AsToWhatATrustedProxyPasses {
    @ParameterizedTest
    @CsvSource({
      "X-Forwarded-Proto: http, X-Forwarded-Proto, http",
      "X-Forwarded-Proto: HTTPS, X-Forwarded-Proto, HTTPS",
      "X-Forwarded-Proto: gopher, X-Forwarded-Proto, https",
      "'X-Forwarded-Proto: http, https', X-Forwarded-Proto, https",
      "X-Forwarded-Proto: http|X-Forwarded-Proto: http, X-Forwarded-Proto, https",
      "X-Forwarded-Port: 8443, X-Forwarded-Port, 8443",
      "X-Forwarded-Port: 0, X-Forwarded-Port, 443",
      "X-Forwarded-Port: 65536, X-Forwarded-Port, 443",
      "X-Forwarded-Host: b.test:81, X-Forwarded-Host, b.test:81",
      "X-Forwarded-Host: [2001:db8::1], X-Forwarded-Host, [2001:db8::1]",
      "X-Forwarded-Host: b.test/x, X-Forwarded-Host, a.test:8443",
      "X-Forwarded-Host: b.test:, X-Forwarded-Host, a.test:8443",
      "'X-Forwarded-Host: b.test, c.test', X-Forwarded-Host, a.test:8443"
    })
    void keepsWhatIsSaidOnceAndWellAndReplacesTheRest(String lines, String name, String value)
        throws UnknownHostException {
      RequestHead head = Heads.request(START + lines + "||");
      forwarding("10.0.0.1", true, false).apply(head);
      assertThat(Heads.live(head.fields()))
          .filteredOn(line -> line.startsWith(name + ":"))
          .containsExactly(name + ": " + value);
    }

    @Test
    void looksAtABoundedNumberOfHops() throws UnknownHostException {
      String hops = "10.1.1.1, ".repeat(HopList.MOST_HOPS) + "10.2.2.2";
      RequestHead head = Heads.request(START + "X-Forwarded-For: 6.6.6.6, " + hops + "||");
      assertThat(forwarding("10.0.0.1", true, false).clientAddress(head)).isEqualTo("10.1.1.1");
    }

    @Test
    void tellsLimitsTheNetworkOfTheSameClient() throws UnknownHostException {
      RequestHead head = Heads.request(START + "X-Forwarded-For: 2001:470:1:2::9, 10.2.2.2||");
      ForwardedFields.ForConnection forwarding = forwarding("10.0.0.1", true, false);
      forwarding.resolve(head);
      assertThat(new ClientNetwork(forwarding.networkHigh(), forwarding.networkLow()))
          .isEqualTo(ClientNetwork.of(InetAddress.getByName("2001:470:1:2::")));
      forwarding.resolve(Heads.request(START + "|"));
      assertThat(new ClientNetwork(forwarding.networkHigh(), forwarding.networkLow()))
          .isEqualTo(ClientNetwork.of(InetAddress.getByName("10.0.0.1")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.255.255.255, true",
    "11.0.0.0, false",
    "192.168.7.255, true",
    "192.168.3.255, false",
    "2001:db8:ffff::1, true",
    "2001:db9::1, false",
    "::1, false"
  })
  void knowsWhomToTrust(String peer, boolean trusted) throws UnknownHostException {
    assertThat(fields(true, false).trusts(InetAddress.getByName(peer))).isEqualTo(trusted);
  }

  private static ForwardedFields fields(boolean xForwarded, boolean forwarded) {
    return ForwardedFields.of(new HttpConfig.Forwarded(TRUSTED, xForwarded, forwarded));
  }

  private static ForwardedFields.ForConnection forwarding(
      String peer, boolean xForwarded, boolean forwarded) throws UnknownHostException {
    InetAddress address = InetAddress.getByName(peer);
    return fields(xForwarded, forwarded)
        .forConnection(address, address.getHostAddress(), true, 443);
  }
}
