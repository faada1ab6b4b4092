package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.listen.HelloBytes;
import io.lockgate.tls.FailureClassifier.Verdict;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FailureClassifierTest {
  private static final TlsTerms TERMS = TlsFixtures.terms(TlsFixtures.INTERMEDIATE);
  private static final ClientHello GOOD = hello("a.example");

  private static ClientHello hello(String name) {
    byte[] record = HelloBytes.record(HelloBytes.tls13(name));
    return ((HelloReading.Complete) new ClientHelloReader().read(Unpooled.wrappedBuffer(record)))
        .hello();
  }

  private static HandshakeFailure classify(Throwable cause, TlsTerms terms) {
    return FailureClassifier.classify(cause, GOOD, terms).failure();
  }

  static Stream<Arguments> causes() {
    return Stream.of(
        Arguments.of(new ClosedChannelException(), HandshakeFailure.CLIENT_CLOSED),
        Arguments.of(new IOException("Connection reset by peer"), HandshakeFailure.CLIENT_CLOSED),
        Arguments.of(new SslHandshakeTimeoutException("late"), HandshakeFailure.TIMEOUT),
        Arguments.of(new NotSslRecordException("no"), HandshakeFailure.MALFORMED),
        Arguments.of(new IllegalStateException(), HandshakeFailure.OTHER));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void tellsByTheKindOfException(Throwable cause, HandshakeFailure expected) {
    assertThat(classify(cause, TERMS)).isEqualTo(expected);
    assertThat(classify(new DecoderException(cause), TERMS)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "error:10000070:SSL routines:OPENSSL_internal:BAD_PACKET_LENGTH, CLIENT_REJECTED_CERTIFICATE",
    "error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA,"
        + " CLIENT_REJECTED_CERTIFICATE",
    "error:10000416:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_UNKNOWN,"
        + " CLIENT_REJECTED_CERTIFICATE",
    "error:100000c0:SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE,"
        + " CLIENT_CERTIFICATE_MISSING",
    "error:100000b8:SSL routines:OPENSSL_internal:NO_SHARED_CIPHER, CIPHER_MISMATCH",
    "error:10000410:SSL routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE, OTHER"
  })
  void tellsByTheMessageWhereTheOffersMeet(String message, HandshakeFailure expected) {
    assertThat(classify(new SSLHandshakeException(message), TERMS)).isEqualTo(expected);
  }

  @Test
  void believesTheOffersBeforeTheMessage() {
    TlsTerms spdy =
        new TlsTerms(
            TlsFixtures.INTERMEDIATE, List.of("spdy/3"), "1", true, 0, Duration.ofHours(1));
    Verdict verdict =
        FailureClassifier.classify(new SSLHandshakeException("WRONG_CURVE"), GOOD, spdy);
    assertThat(verdict.failure()).isEqualTo(HandshakeFailure.NO_APPLICATION_PROTOCOL);
    assertThat(verdict.detail()).contains("spdy/3");
  }
}
