package io.lockgate.http2;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamByteDistributor;

/**
 * Shares what a connection may send among its streams by urgency (RFC 9218 section 10): the most
 * urgent first; of the same urgency those that are not incremental whole and in order of their
 * identifiers, taking turns as one with each that is incremental. So that nothing waits for ever,
 * one octet in sixteen goes to streams that are less urgent. Allocates nothing per write. On the
 * connection's event loop.
 */
public final class UrgencyQueues implements StreamByteDistributor {
  /** What a stream is given at a time: a frame of the usual size. */
  static final int PORTION = 16 * 1024;

  private static final int URGENCIES = 8;

  /** What goes to the most urgent streams before a less urgent one has a turn. */
  private static final int PORTIONS_AHEAD = 15;

  private final Http2Connection.PropertyKey key;
  private final Level[] levels = new Level[URGENCIES];

  /** Ends of streams that have no content left; they need no window. */
  private final Queue ends = new Queue();

  /** A bit for each level that is not empty. */
  private int waiting;

  private long portions;
  private int sentAhead;
  private int relieved;

  public UrgencyQueues(Http2Connection connection) {
    key = connection.newKey();
    for (int i = 0; i < URGENCIES; i++) {
      levels[i] = new Level();
    }
    Http2Stream whole = connection.connectionStream();
    whole.setProperty(key, new Share(whole));
    connection.addListener(
        new Http2ConnectionAdapter() {
          @Override
          public void onStreamAdded(Http2Stream stream) {
            stream.setProperty(key, new Share(stream));
          }

          @Override
          public void onStreamClosed(Http2Stream stream) {
            Share share = share(stream);
            share.streamable = 0;
            share.ends = false;
            dequeue(share);
          }
        });
  }

  /** Has {@code stream} served as {@link Priority} says from now on. */
  public void prioritize(Http2Stream stream, int priority) {
    Share share = share(stream);
    boolean queued = share.queue != null;
    dequeue(share);
    share.urgency = Priority.urgency(priority);
    share.incremental = Priority.incremental(priority);
    if (queued) {
      enqueue(share);
    }
  }

  /** How much content of {@code stream} has left so far. */
  public long sent(Http2Stream stream) {
    return share(stream).sent;
  }

  /** How many portions of content, each of a frame or more, have left so far. */
  public long portions() {
    return portions;
  }

  /** Whether nothing waits for its turn. */
  boolean isEmpty() {
    return waiting == 0 && ends.first == null;
  }

  /** Content of {@code stream} has left without having been queued. */
  void passed(Http2Stream stream, int octets) {
    share(stream).sent += octets;
    if (octets > 0) {
      portions++;
    }
  }

  private Share share(Http2Stream stream) {
    return stream.getProperty(key);
  }

  @Override
  public void updateStreamableBytes(StreamState state) {
    Share share = share(state.stream());
    dequeue(share);
    share.streamable =
        state.hasFrame()
            ? (int) Math.max(0, Math.min(state.pendingBytes(), state.windowSize()))
            : 0;
    share.ends = state.hasFrame() && state.pendingBytes() == 0 && state.windowSize() >= 0;
    enqueue(share);
  }

  /** Priorities of RFC 7540 are deprecated and count for nothing. */
  @Override
  public void updateDependencyTree(int child, int parent, short weight, boolean exclusive) {
    // as SETTINGS_NO_RFC7540_PRIORITIES says
  }

  @Override
  public boolean distribute(int maxBytes, Writer writer) throws Http2Exception {
    for (Share share = ends.first; share != null; share = ends.first) {
      write(share, 0, writer);
    }
    int left = maxBytes;
    while (left > 0 && waiting != 0) {
      Share share = next();
      int portion = Math.min(left, Math.min(PORTION, share.streamable));
      left -= portion;
      share.sent += portion;
      portions++;
      write(share, portion, writer);
      for (Share ended = ends.first; ended != null; ended = ends.first) {
        write(ended, 0, writer);
      }
    }
    return waiting != 0;
  }

  private Share next() {
    int top = Integer.numberOfTrailingZeros(waiting);
    int below = waiting & -(1 << (top + 1));
    if (below == 0) {
      sentAhead = 0;
    } else if (++sentAhead > PORTIONS_AHEAD) {
      sentAhead = 0;
      int after = below & -(1 << (relieved + 1));
      relieved = Integer.numberOfTrailingZeros(after == 0 ? below : after);
      return levels[relieved].next();
    }
    return levels[top].next();
  }

  /** What it has left is told by an update in the midst of this, which queues it anew. */
  private void write(Share share, int octets, Writer writer) throws Http2Exception {
    dequeue(share);
    try {
      writer.write(share.stream, octets);
    } catch (RuntimeException e) {
      throw Http2Exception.connectionError(Http2Error.INTERNAL_ERROR, e, "content not written");
    }
  }

  private void enqueue(Share share) {
    if (share.ends) {
      ends.append(share);
    } else if (share.streamable > 0) {
      Level level = levels[share.urgency];
      if (share.incremental) {
        level.taking.append(share);
      } else {
        level.ordered.insert(share);
      }
      waiting |= 1 << share.urgency;
    }
  }

  private void dequeue(Share share) {
    if (share.queue != null) {
      share.queue.remove(share);
      if (levels[share.urgency].isEmpty()) {
        waiting &= ~(1 << share.urgency);
      }
    }
  }

  /** A stream's place among the others. */
  private static final class Share {
    private final Http2Stream stream;
    private final int id;
    private int urgency = Priority.urgency(Priority.USUAL);
    private boolean incremental;
    private boolean ends;
    private int streamable;
    private long sent;
    private Queue queue;
    private Share previous;
    private Share next;

    Share(Http2Stream stream) {
      this.stream = stream;
      this.id = stream.id();
    }
  }

  /** Streams of the same urgency. */
  private static final class Level {
    private final Queue ordered = new Queue();
    private final Queue taking = new Queue();
    private boolean orderedLast;

    boolean isEmpty() {
      return ordered.first == null && taking.first == null;
    }

    Share next() {
      boolean fromOrdered = taking.first == null || (ordered.first != null && !orderedLast);
      orderedLast = fromOrdered;
      return fromOrdered ? ordered.first : taking.first;
    }
  }

  private static final class Queue {
    private Share first;
    private Share last;

    void append(Share share) {
      link(share, last, null);
    }

    /** By identifier; new streams have the greatest, and one that was served the least. */
    void insert(Share share) {
      if (last != null && last.id < share.id) {
        append(share);
        return;
      }
      Share after = first;
      while (after != null && after.id < share.id) {
        after = after.next;
      }
      link(share, after == null ? last : after.previous, after);
    }

    private void link(Share share, Share before, Share after) {
      share.queue = this;
      share.previous = before;
      share.next = after;
      if (before == null) {
        first = share;
      } else {
        before.next = share;
      }
      if (after == null) {
        last = share;
      } else {
        after.previous = share;
      }
    }

    void remove(Share share) {
      if (share.previous == null) {
        first = share.next;
      } else {
        share.previous.next = share.next;
      }
      if (share.next == null) {
        last = share.previous;
      } else {
        share.next.previous = share.previous;
      }
      share.queue = null;
      share.previous = null;
      share.next = null;
    }
  }
}
