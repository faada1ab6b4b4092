package io.lockgate.client;

import io.lockgate.http.RequestHead;
import io.lockgate.http2.FieldSink;

/** Takes header blocks into request heads, which are lent by the event loop. */
final class HeadSink extends FieldSink {
  private final ClientConnection connection;
  private RequestHead filling;

  HeadSink(ClientConnection connection) {
    this.connection = connection;
  }

  /** The head that holds the fields of the last block, from now on the caller's. */
  RequestHead takeHead() {
    RequestHead taken = filling;
    filling = null;
    return taken;
  }

  HeadSink begin() {
    if (filling == null) {
      filling = connection.takeHead();
    } else {
      filling.clear();
    }
    fill(filling.fields());
    return this;
  }

  /** Gives back what it holds for the block after this. */
  void release() {
    if (filling != null) {
      connection.giveBack(filling);
      filling = null;
    }
  }
}
