package io.lockgate.client;

import io.lockgate.config.model.HttpConfig;
import io.lockgate.http.FramingRule;
import io.lockgate.http2.EmptyFrames;
import io.lockgate.http2.FrameBudget;
import io.lockgate.http2.FrameOutput;
import io.lockgate.http2.UrgencyQueues;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.Locale;

/**
 * What a client may make us do on one HTTP/2 connection before it is taken for an attacker. On the
 * connection's event loop.
 */
final class FrameLimits {
  /** Content below this is hardly worth its frame; the smallest messages of gRPC are larger. */
  private static final int SMALL = 16;

  /** Of content that nobody waits for any more; who uploads in earnest fills its frames. */
  private static final int SMALL_LATE = 1024;

  /** A head beyond its limit costs as much to take apart as many streams that are reset. */
  private static final int RESETS_OF_A_LARGE_HEAD = 10;

  /** What clients that update two windows upon every few octets of a frame need. */
  private static final int UPDATES_PER_FRAME = 10;

  private final ClientConnection connection;
  private final FrameBudget resetsReceived;
  private final FrameBudget resetsProvoked;
  private final FrameBudget pings;
  private final FrameBudget settings;
  private final FrameBudget small;
  private final FrameBudget windowUpdates;
  private final FrameBudget others;
  private final EmptyFrames empty;
  private final UrgencyQueues queues;
  private long portionsSeen;
  private boolean told;
  private FrameOutput output;
  private Runnable cut;

  FrameLimits(ClientConnection connection, UrgencyQueues queues) {
    this.queues = queues;
    this.connection = connection;
    HttpConfig.Http2 limits = connection.http().h2();
    this.resetsReceived = budget(limits.maxResets());
    this.resetsProvoked = budget(limits.maxResets());
    this.pings = budget(limits.maxPings());
    this.settings = budget(limits.maxSettings());
    this.small = budget(limits.maxSmallFrames());
    this.windowUpdates = budget(limits.maxWindowUpdates());
    this.others = budget(limits.maxOtherFrames());
    this.empty = new EmptyFrames(limits.maxEmptyFrames());
  }

  private FrameBudget budget(int most) {
    return new FrameBudget(
        most, connection.http().h2().window().toNanos(), connection.loop().nanoTime());
  }

  /**
   * @param whenUnread ends the connection without a word, as no word would be read
   */
  void watch(FrameOutput watched, Runnable whenUnread) {
    output = watched;
    cut = whenUnread;
  }

  void resetRead() throws Http2Exception {
    hold(resetsReceived, "too many streams reset");
  }

  void pingRead() throws Http2Exception {
    checkUnread();
    hold(pings, "too many pings");
  }

  void settingsRead() throws Http2Exception {
    checkUnread();
    hold(settings, "too many settings");
  }

  void dataRead(int content, boolean end) throws Http2Exception {
    if (!empty.take(content, end)) {
      throw excess("too many empty frames");
    }
    if (content < SMALL && !end) {
      hold(small, "too many small frames");
    }
  }

  /** Content of a stream that is closed already, which is dropped. */
  void lateDataRead(int content) throws Http2Exception {
    if (content < SMALL_LATE) {
      hold(small, "too many small frames");
    }
  }

  void windowUpdateRead() throws Http2Exception {
    long sent = queues.portions();
    windowUpdates.allow((int) (UPDATES_PER_FRAME * (sent - portionsSeen)));
    portionsSeen = sent;
    hold(windowUpdates, "too many window updates");
  }

  /** A frame that asks for nothing: of priorities, a GOAWAY, of an unknown type. */
  void otherRead() throws Http2Exception {
    hold(others, "too many other frames");
  }

  /** A stream is reset by us for what the client did; that counts like a reset of its own. */
  void resetProvoked() throws Http2Exception {
    hold(resetsProvoked, "too many stream errors");
  }

  private void hold(FrameBudget budget, String sentence) throws Http2Exception {
    if (!budget.take(connection.loop().nanoTime())) {
      throw excess(sentence);
    }
  }

  private Http2Exception excess(String sentence) {
    told = true;
    connection.tellRejected(sentence.replace(' ', '_').toLowerCase(Locale.ROOT));
    return Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, sentence);
  }

  /** The client has broken the protocol of the connection; counted once. */
  void broken(Http2Exception error) {
    if (!told) {
      told = true;
      boolean excess = error.error() == Http2Error.ENHANCE_YOUR_CALM; // by the codec's own count
      connection.tellRejected(
          excess
              ? "too_many_continuations"
              : "http2_" + error.error().name().toLowerCase(Locale.ROOT));
    }
  }

  /** A header block was larger than the limit, and refused by the codec. */
  void headTooLarge() {
    connection.tellRejected(FramingRule.HEAD_TOO_LARGE.label());
    resetsProvoked.allow(1 - RESETS_OF_A_LARGE_HEAD);
  }

  /** A client that makes us write and never reads must not make us keep all of it. */
  void checkUnread() {
    if (output.overfull()) {
      cut.run();
    }
  }
}
