package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.ExchangeSummary.Text;
import io.lockgate.http.OctetSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What lines say of the client's program (User-Agent, RFC 9110 section 10.1.5), kept as octets:
 * clients say the same again and again, and to compare costs less than to look for what has to be
 * escaped. What is seen for the first time is not kept, so that a client that always says something
 * else costs little and pushes out nothing. Used by one thread; what it keeps is bounded.
 */
final class KeptAgents implements OctetSink {
  private static final int SLOTS = 64;
  private static final int MOST_KEPT = 512;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Format format;
  private final Kept[] slots = new Kept[SLOTS];
  private final long[] missed = new long[SLOTS];

  // Of the line at hand.
  private Line line;
  private ExchangeSummary summary;

  KeptAgents(Format format) {
    this.format = format;
  }

  /** How a format writes it where nothing is kept. */
  @FunctionalInterface
  interface Format {
    void write(Line line, ExchangeSummary summary);
  }

  void write(Line into, ExchangeSummary of) {
    line = into;
    summary = of;
    of.show(Text.USER_AGENT, this);
  }

  @Override
  public void octets(byte[] source, int start, int end) {
    long hash = hash(source, start, end);
    int slot = (int) (hash >>> 32) & (SLOTS - 1);
    Kept kept = slots[slot];
    if (kept != null && kept.is(source, start, end)) {
      line.put(kept.text);
      return;
    }
    int from = line.length();
    format.write(line, summary);
    if (missed[slot] != hash) {
      missed[slot] = hash;
    } else if (!line.overflowed() && line.length() - from <= MOST_KEPT) {
      slots[slot] = new Kept(Arrays.copyOfRange(source, start, end), line.copy(from));
    }
  }

  /** Of all octets: browsers of one maker differ in a digit of their versions. */
  private static long hash(byte[] source, int start, int end) {
    long hash = (long) end - start;
    int at = start;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = mixed(hash ^ (long) EIGHT.get(source, at));
    }
    for (; at < end; at++) {
      hash = mixed(hash ^ source[at]);
    }
    return hash;
  }

  private static long mixed(long hash) {
    long mixed = hash * MIX;
    return mixed ^ (mixed >>> 32);
  }

  private static final class Kept {
    private final byte[] agent;
    private final byte[] text;

    Kept(byte[] agent, byte[] text) {
      this.agent = agent;
      this.text = text;
    }

    boolean is(byte[] source, int start, int end) {
      return Arrays.equals(agent, 0, agent.length, source, start, end);
    }
  }
}
