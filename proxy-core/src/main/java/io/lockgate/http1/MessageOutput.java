package io.lockgate.http1;

import io.lockgate.http.ChunkedWriter;
import io.lockgate.http.FieldSection;
import io.lockgate.loop.FlushQueue;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * The sending half of an HTTP/1 connection: heads and small content gather in one buffer that
 * leaves with the end of the turn, large content is written as it came. One per connection, on its
 * event loop only.
 */
public final class MessageOutput implements FlushQueue.Flushable {
  /** Content up to this size is copied behind the head instead of being written on its own. */
  private static final int COPIED_BYTES = 4 * 1024;

  private final FlushQueue queue;
  private final int initialBytes;
  private final Runnable flushed;
  private ChannelHandlerContext context;
  private ByteBuf gathered;
  private boolean flushing;
  private boolean chunked;
  private boolean released;

  /**
   * @param initialBytes room for a usual head
   * @param flushed told after each flush
   */
  public MessageOutput(FlushQueue queue, int initialBytes, Runnable flushed) {
    this.queue = queue;
    this.initialBytes = initialBytes;
    this.flushed = flushed;
  }

  /** Says where to write; comes first. */
  public void attach(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /** Where the head of a message goes, whose content is framed so; it leaves with this turn. */
  public ByteBuf begin(boolean inChunks) {
    chunked = inChunks;
    flushLater();
    return buffer();
  }

  /** Writes content; takes it over. */
  public void content(ByteBuf data) {
    int length = data.readableBytes();
    if (length == 0 || released) {
      data.release();
      return;
    }
    if (chunked) {
      ChunkedWriter.size(buffer(), length);
    }
    if (length <= COPIED_BYTES) {
      buffer().writeBytes(data);
      data.release();
    } else {
      writeOut();
      context.write(data, context.voidPromise());
    }
    if (chunked) {
      ChunkedWriter.endChunk(buffer());
    }
    flushLater();
  }

  /** Ends the content where its framing says so. */
  public void end(FieldSection trailers) {
    if (!chunked || released) {
      return;
    }
    if (trailers.count() == 0) {
      ChunkedWriter.end(buffer());
    } else {
      ChunkedWriter.end(buffer(), trailers);
    }
    flushLater();
  }

  private ByteBuf buffer() {
    if (gathered == null) {
      gathered = context.alloc().buffer(initialBytes);
    }
    return gathered;
  }

  /** Hands what has gathered to the channel, unflushed. */
  public void writeOut() {
    if (gathered != null) {
      ByteBuf out = gathered;
      gathered = null;
      context.write(out, context.voidPromise());
    }
  }

  private void flushLater() {
    if (!flushing) {
      flushing = true;
      queue.later(this);
    }
  }

  /** Whether something is still to leave at the end of the turn. */
  public boolean flushing() {
    return flushing;
  }

  @Override
  public void flushNow() {
    flushing = false;
    if (!released) {
      writeOut();
      context.flush();
      flushed.run();
    }
  }

  /** Nothing is written any more. */
  public void release() {
    released = true;
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }
}
