package io.lockgate.http;

import io.lockgate.config.model.HttpConfig;
import io.lockgate.limit.ClientNetwork;
import java.net.InetAddress;

/**
 * How upstreams are told who the client was: X-Forwarded-*, and Forwarded (RFC 7239). Believes only
 * peers that the configuration trusts; what anybody else says about identity is removed, whether or
 * not it is replaced. Immutable; one per configuration.
 */
public final class ForwardedFields {
  private final TrustedProxies trusted;
  private final boolean xForwarded;
  private final boolean forwarded;

  private ForwardedFields(HttpConfig.Forwarded policy) {
    this.trusted = new TrustedProxies(policy.trusted());
    this.xForwarded = policy.xForwarded();
    this.forwarded = policy.forwarded();
  }

  public static ForwardedFields of(HttpConfig.Forwarded policy) {
    return new ForwardedFields(policy);
  }

  /** Whether the word of this peer is taken. */
  public boolean trusts(InetAddress peer) {
    return trusted.contain(peer);
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
    return new ForConnection(this, peer, peerText, tls, localPort, ClientCertFields.NONE);
  }

  /** The same for a client whose certificate was verified. */
  public ForConnection forConnection(
      InetAddress peer, String peerText, int localPort, ClientCertFields certificate) {
    return new ForConnection(this, peer, peerText, true, localPort, certificate);
  }

  /** Ready for the requests of one connection, on its event loop. */
  public static final class ForConnection {
    private static final AsciiBytes HTTP = AsciiBytes.of("http");
    private static final AsciiBytes HTTPS = AsciiBytes.of("https");
    private static final byte[] SEPARATOR = {',', ' '};

    private final ForwardedFields policy;
    private final boolean peerTrusted;
    private final String peerText;
    private final AsciiBytes peer;
    private final AsciiBytes scheme;
    private final AsciiBytes port;
    private final byte[] elementStart;
    private final HopList hops;
    private final ClientCertFields certificate;
    private final long peerHigh;
    private final long peerLow;
    private long networkHigh;
    private long networkLow;

    private ForConnection(
        ForwardedFields policy,
        InetAddress peerAddress,
        String peerText,
        boolean tls,
        int localPort,
        ClientCertFields certificate) {
      ClientNetwork network = ClientNetwork.of(peerAddress);
      this.policy = policy;
      this.peerTrusted = policy.trusts(peerAddress);
      this.peerHigh = network.high();
      this.peerLow = network.low();
      this.peerText = peerText;
      this.peer = AsciiBytes.of(peerText);
      this.scheme = tls ? HTTPS : HTTP;
      this.port = AsciiBytes.of(Integer.toString(localPort));
      this.elementStart = AsciiBytes.of(element(peerText, scheme)).toBytes();
      this.hops = new HopList(policy.trusted);
      this.certificate = certificate;
    }

    /**
     * The effective client's address as text: the peer's, or what trusted proxies say, of which a
     * new text is made. Must be asked before {@link #apply}.
     */
    public String clientAddress(RequestHead head) {
      return peerTrusted && findClient(head.fields()) ? hops.client(head.fields()) : peerText;
    }

    /**
     * Finds the network of the effective client, for limits. Must be asked before {@link #apply};
     * makes no object.
     */
    public void resolve(RequestHead head) {
      if (peerTrusted && findClient(head.fields())) {
        networkHigh = ClientNetwork.high(hops.clientOctets());
        networkLow = ClientNetwork.low(hops.clientOctets());
      } else {
        networkHigh = peerHigh;
        networkLow = peerLow;
      }
    }

    /** Of the client that was resolved last. */
    public long networkHigh() {
      return networkHigh;
    }

    /** Of the same. */
    public long networkLow() {
      return networkLow;
    }

    private boolean findClient(FieldSection fields) {
      return hops.find(
          fields,
          fields.contains(FieldName.X_FORWARDED_FOR)
              ? FieldName.X_FORWARDED_FOR
              : FieldName.FORWARDED);
    }

    /** Puts our fields in the place of the client's, or behind those of a trusted proxy. */
    public void apply(RequestHead head) {
      if (peerTrusted) {
        extend(head);
      } else {
        replace(head);
      }
      certificate.apply(head.fields());
    }

    private void replace(RequestHead head) {
      FieldSection fields = head.fields();
      boolean realIp = fields.contains(FieldName.X_REAL_IP);
      fields.removeAll(FieldSet.IDENTITY);
      removeOtherXForwarded(fields);
      if (policy.xForwarded) {
        fields.append(FieldName.X_FORWARDED_FOR, peer);
        fields.append(FieldName.X_FORWARDED_PROTO, scheme);
        fields.append(
            FieldName.X_FORWARDED_HOST, fields.bytes(), head.authorityStart, head.authorityEnd);
        fields.append(FieldName.X_FORWARDED_PORT, port);
        if (realIp) {
          fields.append(FieldName.X_REAL_IP, peer);
        }
      }
      if (policy.forwarded) {
        appendElement(head, -1);
      }
    }

    private void extend(RequestHead head) {
      FieldSection fields = head.fields();
      if (policy.xForwarded) {
        joinWithPeer(fields);
        if (!passes(fields, FieldName.X_FORWARDED_PROTO)) {
          fields.append(FieldName.X_FORWARDED_PROTO, scheme);
        }
        if (!passes(fields, FieldName.X_FORWARDED_HOST)) {
          fields.append(
              FieldName.X_FORWARDED_HOST, fields.bytes(), head.authorityStart, head.authorityEnd);
        }
        if (!passes(fields, FieldName.X_FORWARDED_PORT)) {
          fields.append(FieldName.X_FORWARDED_PORT, port);
        }
      }
      if (policy.forwarded) {
        appendElement(head, fields.find(FieldName.FORWARDED));
      }
    }

    /**
     * Whether a trusted proxy has said it, once and well. Anything else is taken out, since two
     * servers might read it differently.
     */
    private static boolean passes(FieldSection fields, FieldName name) {
      int index = fields.find(name);
      if (index >= 0
          && fields.findNext(name, index) < 0
          && ForwardedValue.valid(
              name, fields.bytes(), fields.valueStart(index), fields.valueEnd(index))) {
        return true;
      }
      fields.removeAll(name);
      return false;
    }

    /** Names such as X-Forwarded-Prefix, which some servers believe too. */
    private static void removeOtherXForwarded(FieldSection fields) {
      for (int i = 0; i < fields.count(); i++) {
        if (!fields.isRemoved(i)
            && FieldRules.isXForwarded(fields.bytes(), fields.nameStart(i), fields.nameEnd(i))) {
          fields.remove(i);
        }
      }
    }

    /** All lines become one, in order, with the peer behind them. */
    private void joinWithPeer(FieldSection fields) {
      int first = fields.find(FieldName.X_FORWARDED_FOR);
      if (first < 0) {
        fields.append(FieldName.X_FORWARDED_FOR, peer);
        return;
      }
      int start = fields.used();
      for (int i = first; i >= 0; i = fields.findNext(FieldName.X_FORWARDED_FOR, i)) {
        add(fields, fields.valueStart(i), fields.valueEnd(i));
        add(fields, SEPARATOR);
      }
      int room = fields.reserve(peer.length());
      fields.used(peer.copyTo(fields.bytes(), room));
      fields.removeAll(FieldName.X_FORWARDED_FOR);
      fields.append(FieldName.X_FORWARDED_FOR, fields.bytes(), start, fields.used());
    }

    /** Appends our element, as a line of its own where others stand before it. */
    private void appendElement(RequestHead head, int existing) {
      FieldSection fields = head.fields();
      if (existing < 0) {
        fields.removeAll(FieldName.FORWARDED);
      }
      int start = fields.used();
      add(fields, elementStart);
      add(fields, head.authorityStart, head.authorityEnd);
      int room = fields.reserve(1);
      fields.bytes()[room] = '"';
      fields.used(room + 1);
      fields.append(FieldName.FORWARDED, fields.bytes(), start, fields.used());
    }

    private static void add(FieldSection fields, int start, int end) {
      int room = fields.reserve(end - start);
      System.arraycopy(fields.bytes(), start, fields.bytes(), room, end - start);
      fields.used(room + end - start);
    }

    private static void add(FieldSection fields, byte[] source) {
      int room = fields.reserve(source.length);
      System.arraycopy(source, 0, fields.bytes(), room, source.length);
      fields.used(room + source.length);
    }

    /** All but the host and its closing quote; the quotes are needed for colons (RFC 7239 6). */
    private static String element(String peer, AsciiBytes scheme) {
      String node = peer.indexOf(':') < 0 ? peer : "\"[" + peer + "]\"";
      return "for=" + node + ";proto=" + scheme + ";host=\"";
    }
  }
}
