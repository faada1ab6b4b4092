package io.lockgate.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever watches the dashboard. An event is made once and sent to all of them; who has not taken
 * the last one yet misses the next, and who takes none for too long is cut off. On the admin
 * endpoint's loop, except where said otherwise.
 */
final class LiveFeed {
  /** Each costs a connection and what of one event waits in its socket. */
  static final int MOST_SUBSCRIBERS = 16;

  static final String TYPE = "text/event-stream";

  private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);

  private final EventExecutor loop;
  private final Runnable somebodyCame;
  private final long patienceNanos;
  private final Map<Channel, Subscriber> subscribers = new HashMap<>();
  private volatile boolean watched;

  /**
   * @param somebodyCame told of each new subscriber; must not block
   * @param patience how long a subscriber may take for one event
   */
  LiveFeed(EventExecutor loop, Runnable somebodyCame, Duration patience) {
    this.loop = loop;
    this.somebodyCame = somebodyCame;
    this.patienceNanos = patience.toNanos();
  }

  /** Whether anybody would see an event. From any thread. */
  boolean watched() {
    return watched;
  }

  boolean full() {
    return subscribers.size() >= MOST_SUBSCRIBERS;
  }

  /** Sends events to a channel, whose response has begun, until it closes. */
  void add(Channel channel) {
    subscribers.put(channel, new Subscriber(channel.newSucceededFuture(), System.nanoTime()));
    watched = true;
    channel.closeFuture().addListener((ChannelFutureListener) end -> remove(end.channel()));
    somebodyCame.run();
  }

  private void remove(Channel channel) {
    subscribers.remove(channel);
    watched = !subscribers.isEmpty();
  }

  /** Sends an event to everybody. From any thread; the octets must not be changed afterwards. */
  void publish(byte[] event) {
    try {
      loop.execute(() -> send(event));
    } catch (RejectedExecutionException e) {
      LOG.debug("the admin endpoint was closed", e);
    }
  }

  private void send(byte[] event) {
    long now = System.nanoTime();
    subscribers.replaceAll((channel, subscriber) -> send(channel, subscriber, event, now));
  }

  private Subscriber send(Channel channel, Subscriber subscriber, byte[] event, long now) {
    if (subscriber.last().isDone()) {
      ChannelFuture written =
          channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event)));
      return new Subscriber(written, now);
    }
    if (now - subscriber.sinceNanos() > patienceNanos) {
      // Not here and now: that would change the map while it is walked through.
      loop.execute(channel::close);
    }
    return subscriber;
  }

  /**
   * @param last the event that was sent last
   * @param sinceNanos when
   */
  private record Subscriber(ChannelFuture last, long sinceNanos) {}
}
