package io.lockgate.client;

import io.lockgate.http.FieldSection;
import io.lockgate.http.RequestHead;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Takes what Netty's HPACK decoder finds into a {@link FieldSection}, without an object per field.
 * One per connection: a block is decoded and handed on within one call.
 */
final class HeadSink extends DefaultHttp2Headers {
  private final ClientConnection connection;
  private RequestHead filling;
  private FieldSection fields;

  HeadSink(ClientConnection connection) {
    super(false, 1);
    this.connection = connection;
  }

  /** The fields of the block decoded last, pseudo-fields included, in the order received. */
  FieldSection fields() {
    return fields;
  }

  /** The head that holds them, from now on the caller's. */
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
    fields = filling.fields();
    return this;
  }

  /** Gives back what it holds for the block after this. */
  void release() {
    if (filling != null) {
      connection.giveBack(filling);
      filling = null;
    }
  }

  @Override
  public Http2Headers add(CharSequence name, CharSequence value) {
    AsciiString nameText = (AsciiString) name;
    AsciiString valueText = (AsciiString) value;
    int nameLength = nameText.length();
    int valueLength = valueText.length();
    int at = fields.reserve(nameLength + valueLength);
    byte[] bytes = fields.bytes();
    System.arraycopy(nameText.array(), nameText.arrayOffset(), bytes, at, nameLength);
    int valueAt = at + nameLength;
    System.arraycopy(valueText.array(), valueText.arrayOffset(), bytes, valueAt, valueLength);
    fields.mark(at, valueAt, valueAt, valueAt + valueLength);
    return this;
  }

  @Override
  public int size() {
    return fields.count();
  }

  @Override
  public boolean isEmpty() {
    return fields.count() == 0;
  }

  /** Content-Length is checked with all other framing, not by the codec. */
  @Override
  public List<CharSequence> getAll(CharSequence name) {
    return List.of();
  }
}
