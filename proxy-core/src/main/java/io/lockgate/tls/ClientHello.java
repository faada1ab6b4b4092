package io.lockgate.tls;

import java.util.List;

/**
 * What a client offered in its ClientHello (RFC 8446 section 4.1.2), immutable and independent of
 * the bytes it was read from. Reserved GREASE values (RFC 8701) stay in the lists.
 *
 * @param legacyVersion the version field of the hello itself
 * @param supportedVersions the extension of that name; empty before TLS 1.3
 * @param groups named groups, most wanted first; empty where the extension is missing
 * @param keyShares groups for which the client sent a share
 * @param alpn protocol names, most wanted first; empty where the client offered none
 * @param serverName lower case and without a trailing dot; empty unless {@code nameKind} is {@code
 *     HOST} or {@code IP_LITERAL}
 * @param resumption the strongest thing of an earlier session that the client brings
 * @param extensions types in the order in which they were sent
 * @param length of the handshake message with its header
 */
public record ClientHello(
    int legacyVersion,
    CodePoints supportedVersions,
    CodePoints cipherSuites,
    CodePoints groups,
    CodePoints keyShares,
    CodePoints signatureAlgorithms,
    List<String> alpn,
    String serverName,
    NameKind nameKind,
    ResumptionOffer resumption,
    CodePoints extensions,
    int length) {

  static final int TLS_1_2 = 0x0303;
  static final int TLS_1_3 = 0x0304;

  private static final int STATUS_REQUEST = 5;

  /** What the server_name extension (RFC 6066 section 3) held. */
  public enum NameKind {
    ABSENT,
    HOST,
    /** Not permitted there, but sent by some clients. */
    IP_LITERAL,
    /** No host name at all; {@code serverName} is empty, the bytes are not kept. */
    INVALID
  }

  /** What a client can bring to be spared a full handshake. */
  public enum ResumptionOffer {
    NONE,
    /** RFC 5246 section 7.4.1.2; a TLS 1.3 client may send one that means nothing. */
    SESSION_ID,
    /** RFC 5077. */
    TICKET,
    /** RFC 8446 section 4.2.11. */
    PSK
  }

  /** Whether the client wants an OCSP response with the certificate (RFC 6066 section 8). */
  public boolean asksForStaple() {
    return extensions.contains(STATUS_REQUEST);
  }

  /** Whether the client can speak this version, whatever its other offers are. */
  public boolean offersVersion(int version) {
    return supportedVersions.isEmpty()
        ? version <= TLS_1_2 && legacyVersion >= version
        : supportedVersions.contains(version);
  }
}
