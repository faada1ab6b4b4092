package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.pki.ClientRefusal;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;

/**
 * Tells why a handshake failed, or is bound to fail. The offers and the policy are compared first:
 * what the native library says is often beside the point ({@code WRONG_CURVE} where no cipher suite
 * was shared).
 */
public final class FailureClassifier {

  /**
   * Of a record in clear where an encrypted one has to be. If it is an alert, so OpenSSL declines a
   * certificate in TLS 1.3.
   */
  private static final String SHORT_RECORD = "BAD_PACKET_LENGTH";

  /** Parts of the native library's messages, the first that is found decides. */
  private static final List<Sign> SIGNS =
      List.of(
          new Sign("UNSUPPORTED_PROTOCOL", HandshakeFailure.PROTOCOL_VERSION),
          new Sign("NO_SHARED_CIPHER", HandshakeFailure.CIPHER_MISMATCH),
          new Sign("WRONG_CURVE", HandshakeFailure.CIPHER_MISMATCH),
          new Sign("NO_COMMON_SIGNATURE_ALGORITHMS", HandshakeFailure.CIPHER_MISMATCH),
          new Sign("NO_SHARED_GROUP", HandshakeFailure.NO_SHARED_GROUP),
          new Sign("NO_APPLICATION_PROTOCOL", HandshakeFailure.NO_APPLICATION_PROTOCOL),
          new Sign(
              "PEER_DID_NOT_RETURN_A_CERTIFICATE", HandshakeFailure.CLIENT_CERTIFICATE_MISSING),
          new Sign("ALERT_UNKNOWN_CA", HandshakeFailure.CLIENT_REJECTED_CERTIFICATE),
          new Sign("ALERT_BAD_CERTIFICATE", HandshakeFailure.CLIENT_REJECTED_CERTIFICATE),
          new Sign("ALERT_CERTIFICATE_", HandshakeFailure.CLIENT_REJECTED_CERTIFICATE),
          new Sign("ALERT_UNSUPPORTED_CERTIFICATE", HandshakeFailure.CLIENT_REJECTED_CERTIFICATE),
          new Sign("ALERT_ACCESS_DENIED", HandshakeFailure.CLIENT_REJECTED_CERTIFICATE),
          new Sign(SHORT_RECORD, HandshakeFailure.CLIENT_REJECTED_CERTIFICATE),
          new Sign("ALERT_PROTOCOL_VERSION", HandshakeFailure.PROTOCOL_VERSION),
          new Sign("ALERT_CLOSE_NOTIFY", HandshakeFailure.CLIENT_CLOSED),
          new Sign("ALERT_USER_CANCEL", HandshakeFailure.CLIENT_CLOSED),
          // Said of a close_notify within a handshake of TLS 1.2.
          new Sign("SSL_HANDSHAKE_FAILURE", HandshakeFailure.CLIENT_CLOSED),
          new Sign("PRIVATE_KEY_OPERATION_FAILED", HandshakeFailure.INTERNAL),
          // Empty records, warnings, changes of the cipher spec or of keys, without end.
          new Sign("TOO_MANY_", HandshakeFailure.MALFORMED),
          new Sign("EXCESSIVE_MESSAGE_SIZE", HandshakeFailure.MALFORMED),
          new Sign("BAD_ALERT", HandshakeFailure.MALFORMED),
          new Sign("DECODE_ERROR", HandshakeFailure.MALFORMED),
          new Sign("PARSE_TLSEXT", HandshakeFailure.MALFORMED),
          new Sign("UNEXPECTED_MESSAGE", HandshakeFailure.MALFORMED),
          new Sign("UNEXPECTED_RECORD", HandshakeFailure.MALFORMED),
          new Sign("EXCESS_HANDSHAKE_DATA", HandshakeFailure.MALFORMED),
          new Sign("BAD_ECPOINT", HandshakeFailure.MALFORMED),
          new Sign("WRONG_VERSION_NUMBER", HandshakeFailure.MALFORMED),
          new Sign("BAD_DECRYPT", HandshakeFailure.MALFORMED),
          new Sign("DECRYPTION_FAILED", HandshakeFailure.MALFORMED));

  /** For people, before what the library says. */
  private static final Map<HandshakeFailure, String> SENTENCES =
      Map.of(
          HandshakeFailure.PROTOCOL_VERSION, "The client and we share no version of TLS.",
          HandshakeFailure.CIPHER_MISMATCH, "The client and we share no cipher suite.",
          HandshakeFailure.NO_SHARED_GROUP, "The client and we share no group.",
          HandshakeFailure.NO_APPLICATION_PROTOCOL, "The client and we share no protocol.",
          HandshakeFailure.CLIENT_CERTIFICATE_MISSING, "The client sent no certificate.",
          HandshakeFailure.CLIENT_REJECTED_CERTIFICATE, "The client declined our certificate.",
          HandshakeFailure.CLIENT_CLOSED, "The client ended the handshake.",
          HandshakeFailure.MALFORMED, "The client broke the rules of TLS.",
          HandshakeFailure.INTERNAL, "Our private key could not be used.",
          HandshakeFailure.OTHER, "The handshake failed.");

  private static final int MAX_DETAIL = 200;

  private FailureClassifier() {}

  /**
   * A failure and what a person should know of it.
   *
   * @param detail a sentence
   */
  public record Verdict(HandshakeFailure failure, String detail) {}

  /** What is certain from the offers alone, before any engine is made. */
  public static Optional<Verdict> precheck(ClientHello hello, TlsTerms terms) {
    TlsPolicy policy = terms.policy();
    OfferedTerms offered = new OfferedTerms(hello, policy);
    if (!offered.version()) {
      return verdict(
          HandshakeFailure.PROTOCOL_VERSION,
          "The client offers %s; the policy %s wants TLS %s to %s."
              .formatted(
                  versions(hello),
                  policy.name(),
                  policy.minVersion().text(),
                  policy.maxVersion().text()));
    }
    if (!offered.cipher()) {
      return verdict(
          HandshakeFailure.CIPHER_MISMATCH,
          "The policy %s has none of the cipher suites that the client offers: %s."
              .formatted(policy.name(), hello.cipherSuites()));
    }
    if (!offered.group()) {
      return verdict(
          HandshakeFailure.NO_SHARED_GROUP,
          "The policy %s has the groups %s, the client offers others: %s."
              .formatted(policy.name(), String.join(", ", policy.groups()), hello.groups()));
    }
    if (!terms.alpn().isEmpty() && !hello.alpn().isEmpty() && !sharesProtocol(hello, terms)) {
      return verdict(
          HandshakeFailure.NO_APPLICATION_PROTOCOL,
          "The client speaks none of the protocols served here: %s."
              .formatted(String.join(", ", terms.alpn())));
    }
    return Optional.empty();
  }

  /** Compares the offers with the policy first; what the native library says comes second. */
  public static Verdict classify(Throwable cause, ClientHello hello, TlsTerms terms) {
    Throwable root = cause instanceof DecoderException ? cause.getCause() : cause;
    if (root instanceof SslHandshakeTimeoutException) {
      return new Verdict(HandshakeFailure.TIMEOUT, "The handshake took too long.");
    }
    Optional<ClientRefusal> refusal = ClientRefusedException.in(cause);
    if (refusal.isPresent()) {
      return new Verdict(
          HandshakeFailure.of(refusal.get().reason()), detail(refusal.get().detail()));
    }
    if (root instanceof RejectedExecutionException) {
      return new Verdict(
          HandshakeFailure.RATE_LIMITED, "Too many handshakes wait for a worker thread.");
    }
    if (root instanceof ClosedChannelException
        || (root instanceof IOException && !(root instanceof SSLException))) {
      return new Verdict(
          HandshakeFailure.CLIENT_CLOSED, "The client ended the connection in the handshake.");
    }
    if (root instanceof NotSslRecordException) {
      return new Verdict(HandshakeFailure.MALFORMED, "After its ClientHello the client left TLS.");
    }
    String message = String.valueOf((root == null ? cause : root).getMessage());
    return precheck(hello, terms).orElseGet(() -> bySign(message));
  }

  /** The same, for a failure upon a record that is no alert. */
  public static Verdict notByAlert(Verdict verdict) {
    return verdict.detail().contains(SHORT_RECORD)
        ? saidBy(HandshakeFailure.MALFORMED, SHORT_RECORD)
        : verdict;
  }

  private static Verdict bySign(String message) {
    String upper = message.toUpperCase(Locale.ROOT);
    for (Sign sign : SIGNS) {
      if (upper.contains(sign.part)) {
        return saidBy(sign.failure, message);
      }
    }
    return saidBy(HandshakeFailure.OTHER, message);
  }

  /** The last part of {@code error:100000c0:SSL routines:OPENSSL_internal:REASON} says it all. */
  private static Verdict saidBy(HandshakeFailure failure, String message) {
    String reason = message.substring(message.lastIndexOf(':') + 1).trim();
    return new Verdict(
        failure, detail(SENTENCES.get(failure) + " The TLS library says " + reason + "."));
  }

  static String detail(String message) {
    return message.length() > MAX_DETAIL ? message.substring(0, MAX_DETAIL) : message;
  }

  private static Optional<Verdict> verdict(HandshakeFailure failure, String detail) {
    return Optional.of(new Verdict(failure, detail));
  }

  private static boolean sharesProtocol(ClientHello hello, TlsTerms terms) {
    for (String protocol : terms.alpn()) {
      if (hello.alpn().contains(protocol)) {
        return true;
      }
    }
    return false;
  }

  private static String versions(ClientHello hello) {
    if (hello.supportedVersions().isEmpty()) {
      return "no more than " + versionName(hello.legacyVersion());
    }
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < hello.supportedVersions().size(); i++) {
      int version = hello.supportedVersions().at(i);
      if (!CodePoints.isGrease(version)) {
        names.append(names.isEmpty() ? "" : ", ").append(versionName(version));
      }
    }
    return names.toString();
  }

  private static String versionName(int version) {
    return switch (version) {
      case 0x0301 -> "TLS 1.0";
      case 0x0302 -> "TLS 1.1";
      case ClientHello.TLS_1_2 -> "TLS 1.2";
      case ClientHello.TLS_1_3 -> "TLS 1.3";
      default -> "version %04x".formatted(version);
    };
  }

  private record Sign(String part, HandshakeFailure failure) {}
}
