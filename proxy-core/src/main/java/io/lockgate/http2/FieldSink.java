package io.lockgate.http2;

import io.lockgate.http.FieldSection;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Takes what Netty's HPACK decoder finds into a {@link FieldSection}, without an object per field.
 * One per connection: a block is decoded and handed on within one call.
 */
public class FieldSink extends DefaultHttp2Headers {
  private FieldSection fields;

  public FieldSink() {
    super(false, 1);
  }

  /** Where the next block goes. */
  protected final void fill(FieldSection section) {
    fields = section;
  }

  /** The fields of the block decoded last, pseudo-fields included, in the order received. */
  public final FieldSection fields() {
    return fields;
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
