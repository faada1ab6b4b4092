package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.ExchangeSummary.Text;
import io.lockgate.http.OctetSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What lines say of the client's program and of where it comes from, kept as octets: clients say
 * the same again and again, and to compare costs less than to look for what has to be escaped. What
 * is seen for the first time is not kept, so that a client that always says something else costs
 * little and pushes out nothing. Used by one thread; what it keeps is bounded.
 */
final class KeptPrograms implements OctetSink {
  private static final int SLOTS = 64;
  private static final int MOST_KEPT = 512;
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Format format;
  private final Kept[] slots = new Kept[SLOTS];
  private final long[] missed = new long[SLOTS];

  // Of the exchange at hand.
  private boolean refererComes;
  private boolean known;
  private long hash;

  KeptPrograms(Format format) {
    this.format = format;
  }

  /** How a format writes both where nothing is kept. */
  @FunctionalInterface
  interface Format {
    void write(Line line, ExchangeSummary summary);
  }

  void write(Line line, ExchangeSummary summary) {
    refererComes = false;
    summary.show(Text.USER_AGENT, this);
    refererComes = true;
    summary.show(Text.REFERER, this);
    if (known) {
      line.put(slots[slot()].text);
      return;
    }
    int from = line.length();
    format.write(line, summary);
    if (missed[slot()] != hash) {
      missed[slot()] = hash;
    } else if (!line.overflowed() && line.length() - from <= MOST_KEPT) {
      slots[slot()] = new Kept(summary, line.copy(from));
    }
  }

  @Override
  public void octets(byte[] source, int start, int end) {
    if (refererComes) {
      known = known && slots[slot()].hasReferer(source, start, end);
    } else {
      hash = hash(source, start, end);
      Kept kept = slots[slot()];
      known = kept != null && kept.hasProgram(source, start, end);
    }
  }

  private int slot() {
    return (int) (hash ^ (hash >>> 32)) & (SLOTS - 1);
  }

  /** Of some of the octets: what it mistakes for each other is compared. */
  private static long hash(byte[] source, int start, int end) {
    long hash = (long) end - start;
    int last = end - Long.BYTES;
    if (last >= start) {
      for (int third = 0; third <= 3; third++) {
        hash =
            (hash ^ (long) EIGHT.get(source, start + (last - start) * third / 3))
                * 0x9E37_79B9_7F4A_7C15L;
      }
    }
    return hash ^ (hash >>> 29);
  }

  private static final class Kept {
    private final byte[] program;
    private final byte[] referer;
    private final byte[] text;

    Kept(ExchangeSummary summary, byte[] text) {
      this.program = summary.userAgent().getBytes(StandardCharsets.ISO_8859_1);
      this.referer = summary.referer().getBytes(StandardCharsets.ISO_8859_1);
      this.text = text;
    }

    boolean hasProgram(byte[] source, int start, int end) {
      return Arrays.equals(program, 0, program.length, source, start, end);
    }

    boolean hasReferer(byte[] source, int start, int end) {
      return Arrays.equals(referer, 0, referer.length, source, start, end);
    }
  }
}
