package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;

/**
 * What lines say of who asks whom and how, kept as octets: a client that comes again asks the same
 * host by the same method, mostly. By what the texts say, as each connection makes its own of the
 * client's address. What is seen for the first time is not kept, so that clients that come once
 * push out nothing. Used by one thread; what it keeps is bounded.
 */
final class KeptPlaces {
  private static final int SLOTS = 256;
  private static final int MOST_KEPT = 1_024;

  private final Format format;
  private final Kept[] slots = new Kept[SLOTS];
  private final int[] missed = new int[SLOTS];

  KeptPlaces(Format format) {
    this.format = format;
  }

  /** How a format writes the places where nothing is kept. */
  @FunctionalInterface
  interface Format {
    void write(Line line, ExchangeSummary summary);
  }

  void write(Line line, ExchangeSummary summary) {
    String client = summary.clientAddress();
    String host = summary.host();
    String method = summary.methodText();
    int hash =
        (client.hashCode() * 31 + host.hashCode()) * 31
            + method.hashCode()
            + summary.listener().hashCode()
            + summary.protocol().ordinal();
    int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    Kept kept = slots[slot];
    if (kept != null && kept.is(client, host, method, summary)) {
      line.put(kept.text);
      return;
    }
    int from = line.length();
    format.write(line, summary);
    if (missed[slot] != hash) {
      missed[slot] = hash;
    } else if (!line.overflowed() && line.length() - from <= MOST_KEPT) {
      slots[slot] = new Kept(client, host, method, summary, line.copy(from));
    }
  }

  /** Not a record: nobody asks whether two are equal. */
  private static final class Kept {
    private final String client;
    private final String host;
    private final String method;
    private final String listener;
    private final ExchangeSummary.ClientProtocol protocol;
    private final byte[] text;

    Kept(String client, String host, String method, ExchangeSummary summary, byte[] text) {
      this.client = client;
      this.host = host;
      this.method = method;
      this.listener = summary.listener();
      this.protocol = summary.protocol();
      this.text = text;
    }

    private boolean is(String client, String host, String method, ExchangeSummary summary) {
      return protocol == summary.protocol()
          && this.client.equals(client)
          && this.host.equals(host)
          && this.method.equals(method)
          && listener.equals(summary.listener());
    }
  }
}
