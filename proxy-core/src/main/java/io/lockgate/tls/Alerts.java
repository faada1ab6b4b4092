package io.lockgate.tls;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of alerts (RFC 8446 section 6.2), as far as handshakes end with them. Pure. */
public final class Alerts {
  /** How the native library tells of an alert that came. */
  private static final Pattern RECEIVED = Pattern.compile("(?:TLSV1|SSLV3)_ALERT_([A-Z_]+)");

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(10, "unexpected_message"),
          Map.entry(40, "handshake_failure"),
          Map.entry(42, "bad_certificate"),
          Map.entry(43, "unsupported_certificate"),
          Map.entry(44, "certificate_revoked"),
          Map.entry(45, "certificate_expired"),
          Map.entry(46, "certificate_unknown"),
          Map.entry(47, "illegal_parameter"),
          Map.entry(48, "unknown_ca"),
          Map.entry(49, "access_denied"),
          Map.entry(50, "decode_error"),
          Map.entry(70, "protocol_version"),
          Map.entry(80, "internal_error"),
          Map.entry(109, "missing_extension"),
          Map.entry(112, "unrecognized_name"),
          Map.entry(116, "certificate_required"),
          Map.entry(120, "no_application_protocol"));

  private Alerts() {}

  /** What a client is told with; empty where it is told nothing. */
  public static String sentFor(HandshakeFailure failure) {
    return failure.alert() == HandshakeFailure.NO_ALERT
        ? ""
        : NAMES.getOrDefault(failure.alert(), Integer.toString(failure.alert()));
  }

  /** What the client told, by the library's words; empty where it told nothing. */
  public static String receivedIn(String detail) {
    Matcher alert = RECEIVED.matcher(detail.toUpperCase(Locale.ROOT));
    return alert.find() ? alert.group(1).toLowerCase(Locale.ROOT) : "";
  }
}
