package io.lockgate.exchange;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.FieldName;
import io.lockgate.http.FieldSection;
import io.lockgate.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * An operator's page in place of what a server answers. Status and fields stay, but for those that
 * describe the server's content, which is read and dropped so that its connection can be kept.
 */
final class InterceptedError implements ResponseTransform {
  /** More than this is not worth a connection. */
  private static final int MOST_DROPPED = 64 * 1024;

  private static final List<String> OF_CONTENT =
      List.of(
          "Content-Language",
          "Content-Location",
          "Content-Disposition",
          "Content-MD5",
          "Content-Digest",
          "Repr-Digest",
          "Digest",
          "Last-Modified",
          "Accept-Ranges",
          "Trailer");

  private final ByteBuf page;
  private int dropped;

  private InterceptedError(ByteBuf page) {
    this.page = page;
  }

  /** Makes the head that of a page. */
  static InterceptedError replace(ResponseHead answer, ErrorPage by, AsciiBytes requestId) {
    FieldSection fields = answer.fields();
    fields.removeAll(FieldName.CONTENT_TYPE);
    fields.removeAll(FieldName.CONTENT_ENCODING);
    fields.removeAll(FieldName.CONTENT_RANGE);
    fields.removeAll(FieldName.ETAG);
    for (String name : OF_CONTENT) {
      fields.removeAll(name);
    }
    fields.append(FieldName.CONTENT_TYPE, by.contentType());
    ByteBuf page = by.content(answer.status(), requestId);
    answer.replaceContent(page.readableBytes());
    return new InterceptedError(page);
  }

  @Override
  public ByteBuf begin() {
    return page.retainedDuplicate();
  }

  @Override
  public ByteBuf data(ByteBuf data) {
    dropped += data.readableBytes();
    data.release();
    return Unpooled.EMPTY_BUFFER;
  }

  @Override
  public ByteBuf end() {
    return Unpooled.EMPTY_BUFFER;
  }

  @Override
  public boolean complete() {
    return true;
  }

  @Override
  public boolean wasteful() {
    return dropped > MOST_DROPPED;
  }

  @Override
  public void release() {
    page.release();
  }
}
