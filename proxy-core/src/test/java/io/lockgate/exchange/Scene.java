package io.lockgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.coding.Encoders;
import io.lockgate.config.model.AnswerConfig;
import io.lockgate.config.model.CompressionConfig;
import io.lockgate.config.model.ErrorPages;
import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.HttpConfig;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.FieldName;
import io.lockgate.http.ForwardedFields;
import io.lockgate.http.RequestHead;
import io.lockgate.limit.MemoryPressure;
import io.lockgate.limit.RequestLimiter;
import io.lockgate.loop.ManualLoop;
import io.lockgate.route.RouteTable;
import io.lockgate.route.TestHeads;
import io.lockgate.tls.TlsFacts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** One exchange with everything around it played by the test. */
final class Scene {
  static final String GET = "GET /a?b=c HTTP/1.1|Host: a.example||";
  static final String UPLOAD = "PUT /a HTTP/1.1|Host: a.example|Content-Length: 10||";
  static final String CHUNKED = "PUT /a HTTP/1.1|Host: a.example|Transfer-Encoding: chunked||";
  static final String OK = "HTTP/1.1 200 OK|Content-Length: 5||";

  final RecordingClientStream client = new RecordingClientStream();
  final ScriptedUpstream upstream = new ScriptedUpstream();
  final RecordingListener listener = new RecordingListener();
  final TestBuffers buffers = new TestBuffers();
  final ManualLoop loop;
  boolean trustRequestId;
  Tracer tracer = Tracer.OFF;
  Optional<AsciiBytes> hsts = Optional.empty();
  AnswerConfig answers = AnswerConfig.PLAIN;
  Optional<CompressionConfig> compression = Optional.empty();
  ErrorPages commonPages = ErrorPages.NONE;
  RouteAction action = new RouteAction.ForwardTo("app");
  Optional<String> stripPrefix = Optional.empty();
  Optional<Duration> timeout = Optional.empty();
  Optional<RouteConfig.Retry> retry = Optional.empty();
  OptionalLong maxBody = OptionalLong.empty();
  MemoryPressure memory = MemoryPressure.NONE;
  Optional<RequestLimiter> limiter = Optional.empty();
  FieldEdits requestEdits = FieldEdits.NONE;
  FieldEdits responseEdits = FieldEdits.NONE;

  Scene(ManualLoop loop) {
    this.loop = loop;
  }

  Exchange begin(String request) {
    RequestHead head = TestHeads.request(request);
    Exchange exchange =
        new Exchange(
            new ExchangeTerms(
                loop.loop(),
                listener,
                listener,
                memory,
                new RequestIds(new SplittableRandom(1)),
                AsciiBytes.of("X-Request-Id"),
                "X-Request-Id",
                FieldName.X_REQUEST_ID,
                trustRequestId,
                tracer),
            facts(),
            client,
            head,
            "a.example",
            Answers.of(hsts, answers, commonPages));
    exchange.serve(routes().match(head).orElseThrow());
    return exchange;
  }

  /** What must hold after the one exchange of a test, however it went. Closes the loop. */
  void leavesNothingBehind() {
    assertThat(client.breaches).as("breaches towards the client").isEmpty();
    upstream.streams.forEach(
        stream -> assertThat(stream.breaches).as("breaches towards the server").isEmpty());
    assertThat(listener.started).as("beginnings told").isEqualTo(1);
    assertThat(listener.ended).as("ends told").isEqualTo(1);
    assertThat(client.exchangeEnds).as("ends told to the client's side").isEqualTo(1);
    assertThat(buffers.held()).as("buffers nobody released").isZero();
    assertThat(loop.busy()).as("deadlines left armed").isFalse();
    loop.close();
  }

  private static ClientFacts facts() {
    HttpConfig.Forwarded untrusted = new HttpConfig.Forwarded(List.of(), true, false);
    return new ClientFacts(
        "http",
        "127.0.0.1",
        Optional.empty(),
        TlsFacts.NONE,
        ForwardedFields.of(untrusted)
            .forConnection(InetAddress.getLoopbackAddress(), "127.0.0.1", false, 8080));
  }

  private RouteTable routes() {
    RouteConfig route =
        new RouteConfig(
            new RouteConfig.Match.Prefix("/"),
            List.of(),
            action,
            stripPrefix,
            Optional.empty(),
            timeout,
            maxBody,
            retry,
            new RequestLimit.Choice.Common(),
            compression,
            requestEdits,
            responseEdits);
    return RouteTable.compile(List.of(route), name -> upstream, unused -> limiter, new Encoders());
  }
}
