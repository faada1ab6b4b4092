package io.lockgate.proxyprotocol;

/** What can be said of the first bytes of a connection. */
public sealed interface HeaderReading {
  /** They may be, or become, a header. */
  record NeedMore() implements HeaderReading {
    static final NeedMore INSTANCE = new NeedMore();
  }

  /**
   * A whole header.
   *
   * @param length octets of it; what follows is the client's
   */
  record Complete(ProxyHeader header, int length) implements HeaderReading {}

  /** They never become one. */
  record Failed(Fault fault, String detail) implements HeaderReading {}

  /** Why not; metric label {@code reason}. */
  enum Fault {
    /** The connection begins with something else altogether. */
    MISSING("proxy_protocol_missing"),
    MALFORMED("proxy_protocol_malformed");

    private final String label;

    Fault(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
