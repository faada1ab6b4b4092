package io.lockgate.http;

import io.netty.buffer.ByteBuf;

/**
 * Finds the heads of HTTP/1 messages in a stream of bytes and marks their parts, in one pass and
 * with one copy. It goes by the strict grammar of RFC 9112 (sections 2.2, 3, 4 and 5): CRLF only,
 * one SP between the parts of a start line, no folding, no space before a colon. One empty line
 * before a request is passed over.
 *
 * <p>It takes up where it left off, so a head that arrives octet by octet costs no more, and the
 * verdict does not depend on how the bytes were cut. Until a head is complete, each call must pass
 * the same head and a buffer whose reader index stands at the same octet of the stream. One per
 * direction of a connection, on its event loop.
 */
public final class HeadScanner {
  /** What a call found. */
  public enum Progress {
    /** The head has not ended; the buffer's reader index is where it was. */
    INCOMPLETE,
    /** The reader index stands behind the head. */
    COMPLETE,
    /** {@link #rule()} says why; so will every call until {@link #reset}. */
    REFUSED
  }

  private static final int BLOCK = 1024;
  private static final int REFUSED = -1;

  private final HeadLimits limits;
  private final StartLine startLine = new StartLine();
  private final FieldLines fieldLines;
  private boolean resumed;
  private int filled;
  private int position;
  private FramingRule rule = FramingRule.NOT_HTTP;

  public HeadScanner(HeadLimits limits) {
    this.limits = limits;
    this.fieldLines = new FieldLines(limits.maxFieldCount());
  }

  /** Looks for a request's head at the reader index. */
  public Progress scanRequest(ByteBuf in, RequestHead into) {
    if (!resumed) {
      into.clear();
      begin();
      startLine.beginRequest();
    }
    FieldSection fields = into.fields();
    while (fill(in, fields)) {
      if (!startLine.complete()) {
        position = startLine.request(fields.bytes(), position, filled, into);
      }
      scanFields(fields);
    }
    return conclude(in, fields);
  }

  /** Looks for a response's head at the reader index. */
  public Progress scanResponse(ByteBuf in, ResponseHead into) {
    if (!resumed) {
      into.clear();
      begin();
      startLine.beginStatus();
    }
    FieldSection fields = into.fields();
    while (fill(in, fields)) {
      if (!startLine.complete()) {
        position = startLine.status(fields.bytes(), position, filled, into);
      }
      scanFields(fields);
    }
    return conclude(in, fields);
  }

  /** Looks for a trailer section (RFC 9112 section 7.1.2), its empty line included. */
  Progress scanTrailers(ByteBuf in, FieldSection into) {
    if (!resumed) {
      into.clear();
      begin();
      startLine.skip();
    }
    while (fill(in, into)) {
      scanFields(into);
    }
    return conclude(in, into);
  }

  /** Why the head was refused. */
  public FramingRule rule() {
    return rule;
  }

  /** Whether part of a head has arrived. */
  public boolean begun() {
    return resumed && filled > 0 && startLine.begun();
  }

  /** Forgets what was scanned of an incomplete or refused head. */
  public void reset() {
    resumed = false;
    filled = 0;
  }

  private void begin() {
    resumed = true;
    filled = 0;
    position = 0;
    fieldLines.begin();
  }

  /**
   * Copies the next octets, never beyond a limit: so a limit holds for complete and incomplete
   * heads alike, whatever follows. Answers whether there is anything to scan.
   */
  private boolean fill(ByteBuf in, FieldSection fields) {
    if (position == REFUSED || fieldLines.complete()) {
      return false;
    }
    boolean inLine = !startLine.complete();
    int limit = limits.maxHeadBytes();
    if (inLine) {
      limit = Math.min(limit, startLine.start() + limits.maxStartLine() + 2);
    }
    int room = limit - filled;
    if (room <= 0) {
      refuse(inLine ? FramingRule.START_LINE_TOO_LONG : FramingRule.HEAD_TOO_LARGE);
      return false;
    }
    int length = Math.min(Math.min(room, BLOCK), in.readableBytes() - filled);
    if (length <= 0) {
      return false;
    }
    in.getBytes(in.readerIndex() + filled, fields.room(filled, length), filled, length);
    filled += length;
    return true;
  }

  private void scanFields(FieldSection fields) {
    if (position == REFUSED) {
      refuse(startLine.rule());
    } else if (startLine.complete()) {
      position = fieldLines.scan(fields.bytes(), position, filled, fields);
      if (position == REFUSED) {
        refuse(fieldLines.rule());
      }
    }
  }

  private void refuse(FramingRule broken) {
    rule = broken;
    position = REFUSED;
  }

  private Progress conclude(ByteBuf in, FieldSection fields) {
    if (position == REFUSED) {
      return Progress.REFUSED;
    }
    if (!fieldLines.complete()) {
      return Progress.INCOMPLETE;
    }
    in.skipBytes(position);
    fields.used(position);
    reset();
    return Progress.COMPLETE;
  }
}
