package io.lockgate.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamByteDistributor.StreamState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrgencyQueuesTest {
  private final DefaultHttp2Connection streams = new DefaultHttp2Connection(true);
  private final UrgencyQueues queues = new UrgencyQueues(streams);

  @Test
  void letsNoStreamWaitForEver() throws Http2Exception {
    Waiting urgent = waiting(1, 0);
    Waiting late = waiting(3, 7);
    List<Integer> order = new ArrayList<>();
    queues.distribute(
        32 * UrgencyQueues.PORTION,
        (stream, octets) -> {
          order.add(stream.id());
          (stream.id() == 1 ? urgent : late).sent(octets);
        });
    assertThat(order).hasSize(32);
    assertThat(order.indexOf(3)).as("the first portion of the less urgent").isEqualTo(15);
    assertThat(order).filteredOn(id -> id == 3).as("its share").hasSize(2);
    assertThat(queues.sent(late.stream)).isEqualTo(2L * UrgencyQueues.PORTION);
  }

  @Test
  void forgetsAStreamThatIsClosed() throws Http2Exception {
    waiting(1, 0).stream.close();
    assertThat(queues.distribute(1000, (stream, octets) -> {})).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "u=0             | 0 | false",
        "u=7, i          | 7 | true",
        "i,u=5           | 5 | true",
        "i=?1            | 3 | true",
        "u=2, i=?0       | 2 | false",
        "u=8             | 3 | false",
        "u=-1            | 3 | false",
        "u=1, u=6        | 6 | false",
        "u=1;x=y, i;z    | 1 | true",
        "urgency=1       | 3 | false",
        "u               | 3 | false",
        "''              | 3 | false",
      })
  void readsAPriority(String value, int urgency, boolean incremental) {
    byte[] bytes = value.getBytes(US_ASCII);
    int priority = Priority.parse(bytes, 0, bytes.length, Priority.USUAL);
    assertThat(Priority.urgency(priority)).isEqualTo(urgency);
    assertThat(Priority.incremental(priority)).isEqualTo(incremental);
  }

  private Waiting waiting(int id, int urgency) throws Http2Exception {
    Waiting waiting = new Waiting(streams.remote().createStream(id, false));
    queues.prioritize(waiting.stream, urgency);
    queues.updateStreamableBytes(waiting);
    return waiting;
  }

  /** Endless content. */
  private final class Waiting implements StreamState {
    private final Http2Stream stream;

    Waiting(Http2Stream stream) {
      this.stream = stream;
    }

    void sent(int octets) {
      assertThat(octets).isPositive();
      queues.updateStreamableBytes(this);
    }

    @Override
    public Http2Stream stream() {
      return stream;
    }

    @Override
    public long pendingBytes() {
      return 1 << 24;
    }

    @Override
    public boolean hasFrame() {
      return true;
    }

    @Override
    public int windowSize() {
      return 1 << 24;
    }
  }
}
