package io.lockgate.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.http.FieldSection;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseHead;
import io.lockgate.http.WebSocketHandshake;
import io.lockgate.route.TestHeads;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** A client that writes down what it is told, and every breach of the order it may expect. */
final class RecordingClientStream implements ClientStream {
  final List<Integer> interim = new ArrayList<>();
  final List<String> fields = new ArrayList<>();
  final List<String> trailers = new ArrayList<>();
  final List<String> breaches = new ArrayList<>();
  final StringBuilder content = new StringBuilder();
  int status;
  int heads;
  int ends;
  int aborts;
  int exchangeEnds;
  boolean requestComplete;
  boolean switched;
  boolean writable = true;
  boolean dataWanted = true;

  @Override
  public ExchangeSummary.ClientProtocol protocol() {
    return ExchangeSummary.ClientProtocol.H1;
  }

  @Override
  public void sendInterim(ResponseHead head) {
    expect(heads == 0, "interim response after the final one");
    interim.add(head.status());
  }

  @Override
  public void sendHead(ResponseHead head, Method request) {
    expect(heads++ == 0, "second head");
    status = head.status();
    fields.addAll(TestHeads.lines(head.fields()));
  }

  @Override
  public void sendSwitch(ResponseHead head, WebSocketHandshake handshake) {
    expect(heads++ == 0, "second head");
    status = head.status();
    switched = true;
    fields.addAll(TestHeads.lines(head.fields()));
  }

  @Override
  public void sendData(ByteBuf data) {
    expect(heads == 1 && ends == 0 && aborts == 0, "content out of order");
    content.append(data.toString(ISO_8859_1));
    data.release();
  }

  @Override
  public void sendEnd(FieldSection section) {
    expect(heads == 1 && ends++ == 0 && aborts == 0, "end out of order");
    trailers.addAll(TestHeads.lines(section));
  }

  @Override
  public void abort() {
    expect(heads == 1 && ends == 0 && aborts++ == 0, "abort out of order");
  }

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public void wantData(boolean wanted) {
    expect(exchangeEnds == 0, "content asked for after the end");
    dataWanted = wanted;
  }

  @Override
  public void exchangeEnded(boolean complete) {
    expect(exchangeEnds++ == 0, "second end of the exchange");
    requestComplete = complete;
  }

  private void expect(boolean order, String breach) {
    if (!order || exchangeEnds > 1) {
      breaches.add(breach);
    }
  }
}
