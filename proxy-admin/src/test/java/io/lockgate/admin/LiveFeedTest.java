package io.lockgate.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveFeedTest {
  private static final byte[] EVENT = "event".getBytes(US_ASCII);

  private final List<ChannelPromise> held = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();

  @Test
  void sendsAnEventToWhoeverWatches() {
    LiveFeed feed = feed(Duration.ofDays(1));
    feed.add(channel);
    publish(feed);

    HttpContent content = channel.readOutbound();
    assertThat(content.content().toString(US_ASCII)).isEqualTo("event");
    content.release();
  }

  @Test
  void tellsThatSomebodyWatches() {
    LiveFeed feed = feed(Duration.ofDays(1));
    assertThat(feed.watched()).isFalse();
    feed.add(channel);
    assertThat(feed.watched()).isTrue();
    channel.close();
    assertThat(feed.watched()).isFalse();
  }

  @Test
  void sendsNothingMoreToWhomHasNotTakenTheLastEvent() {
    LiveFeed feed = feed(Duration.ofDays(1));
    takesNothing();
    feed.add(channel);
    publish(feed);
    publish(feed);

    assertThat(held).hasSize(1);
    held.get(0).setSuccess();
    publish(feed);
    assertThat(held).hasSize(2);
  }

  @Test
  void cutsOffWhomTakesTooLong() {
    LiveFeed feed = feed(Duration.ofNanos(-1));
    takesNothing();
    feed.add(channel);
    publish(feed);
    assertThat(channel.isOpen()).isTrue();
    publish(feed);

    assertThat(channel.isOpen()).isFalse();
    assertThat(feed.watched()).isFalse();
  }

  private LiveFeed feed(Duration patience) {
    return new LiveFeed(channel.eventLoop(), () -> {}, patience);
  }

  private void publish(LiveFeed feed) {
    feed.publish(EVENT);
    channel.runPendingTasks();
  }

  /** Writes stay pending, as on a connection whose client does not read. */
  private void takesNothing() {
    channel
        .pipeline()
        .addLast(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                held.add(promise);
              }
            });
  }
}
