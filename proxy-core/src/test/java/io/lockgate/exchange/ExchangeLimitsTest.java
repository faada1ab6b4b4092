package io.lockgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteAction;
import io.lockgate.limit.LimitTable;
import io.lockgate.limit.MemoryPressure;
import io.lockgate.limit.RequestLimiter;
import io.lockgate.loop.ManualLoop;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that a limit keeps from their route. */
class ExchangeLimitsTest {
  private static final String GET = "GET / HTTP/1.1|Host: a.example||";

  private final ManualLoop loop = new ManualLoop();
  private final LimitTable table = new LimitTable(() -> 0, 1, 2);

  @AfterEach
  void close() {
    loop.close();
  }

  private Scene scene(double rate, int burst, int inFlight, RequestLimit.Key key) {
    Scene scene = new Scene(loop);
    RequestLimit limit = new RequestLimit(rate, burst, inFlight, key);
    RequestLimiter limiter = table.limiter("a route", limit);
    scene.limiter = Optional.of(limiter);
    return scene;
  }

  private Scene answering(double rate, int burst, RequestLimit.Key key) {
    Scene scene = scene(rate, burst, 0, key);
    scene.action = new RouteAction.RespondWith(200, "", "text/plain");
    return scene;
  }

  private int status(String request, RequestLimit.Key key) {
    Scene scene = answering(0.1, 1, key);
    scene.begin(request);
    return scene.client.status;
  }

  @Test
  void areToldWhenToComeBack() {
    RequestLimit.Key key = new RequestLimit.Key.ClientAddress();
    answering(0.1, 2, key).begin(GET);
    answering(0.1, 2, key).begin(GET);
    Scene refused = answering(0.1, 2, key);
    refused.begin(GET);
    assertThat(refused.client.status).isEqualTo(429);
    assertThat(refused.client.fields).contains("Retry-After: 10");
    assertThat(refused.listener.limited).containsExactly("too_many_requests");
    assertThat(refused.listener.error).isEqualTo("too_many_requests");
  }

  @Test
  void areCountedWhileTheyAreInFlight() {
    RequestLimit.Key key = new RequestLimit.Key.Everything();
    Scene first = scene(0, 1, 1, key);
    Exchange flying = first.begin(GET);
    first.upstream.open();
    Scene second = scene(0, 1, 1, key);
    second.begin(GET);
    assertThat(second.client.status).isEqualTo(429);
    assertThat(second.listener.limited).containsExactly("too_many_in_flight");
    assertThat(second.client.fields).contains("Retry-After: 1");

    flying.clientGone();
    Scene third = scene(0, 1, 1, key);
    Exchange admitted = third.begin(GET);
    assertThat(third.listener.limited).isEmpty();
    admitted.clientGone();
  }

  @Test
  void countByTheFieldTheyHave() {
    RequestLimit.Key key = new RequestLimit.Key.Field("x-key");
    String one = "GET / HTTP/1.1|Host: a.example|X-Key: one||";
    String two = "GET / HTTP/1.1|Host: a.example|X-Key: two||";
    assertThat(status(one, key)).isEqualTo(200);
    assertThat(status(one, key)).isEqualTo(429);
    assertThat(status(two, key)).isEqualTo(200);
    assertThat(status(GET, key)).as("without the field, by address").isEqualTo(200);
    assertThat(status(GET, key)).isEqualTo(429);
  }

  @Test
  void countByAddressWhereThereIsNoCertificate() {
    RequestLimit.Key key = new RequestLimit.Key.ClientCertificate();
    assertThat(status(GET, key)).isEqualTo(200);
    assertThat(status(GET, key)).isEqualTo(429);
  }

  @Test
  void areRefusedWhileMemoryIsShort() {
    Scene scene = new Scene(loop);
    scene.memory =
        new MemoryPressure() {
          @Override
          public boolean refusesConnections() {
            return true;
          }

          @Override
          public boolean refusesRequests() {
            return true;
          }
        };
    scene.begin(GET);
    assertThat(scene.client.status).isEqualTo(503);
    assertThat(scene.client.fields).contains("Retry-After: 1");
    assertThat(scene.listener.limited).containsExactly("out_of_memory");
  }
}
