package io.lockgate.exchange;

import io.lockgate.config.model.ErrorPages;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.FieldName;
import io.lockgate.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What answers say that tell of an error: a page of the operator's, a problem in JSON for clients
 * that ask for JSON, or a short text. Immutable; read by every event loop.
 */
public final class ErrorBodies {
  /** The proxy's own words for everything. */
  public static final ErrorBodies PLAIN = new ErrorBodies(Map.of());

  private static final int FIRST_STATUS = 400;
  private static final int LAST_STATUS = 599;

  private final Map<Integer, ErrorPage> pages;

  private ErrorBodies(Map<Integer, ErrorPage> pages) {
    this.pages = Map.copyOf(pages);
  }

  /**
   * @param own asked before {@code common}
   */
  public static ErrorBodies of(ErrorPages own, ErrorPages common) {
    Map<ErrorPages.Page, ErrorPage> compiled = new HashMap<>();
    Map<Integer, ErrorPage> pages = new HashMap<>();
    for (int status = FIRST_STATUS; status <= LAST_STATUS; status++) {
      int number = status;
      own.page(status)
          .or(() -> common.page(number))
          .ifPresent(page -> pages.put(number, compiled.computeIfAbsent(page, ErrorPage::compile)));
    }
    return pages.isEmpty() ? PLAIN : new ErrorBodies(pages);
  }

  /** The operator's page for a status. */
  Optional<ErrorPage> page(int status) {
    return Optional.ofNullable(pages.get(status));
  }

  /**
   * Begins the head of an answer, and makes the content that belongs behind it.
   *
   * @param sentence what is wrong, for whoever asked
   * @param json whether the client asks for JSON
   */
  public ByteBuf compose(
      ResponseHead head,
      ByteBufAllocator allocator,
      int status,
      String sentence,
      AsciiBytes requestId,
      boolean json) {
    ErrorPage page = pages.get(status);
    boolean problem = json && (page == null || !page.json());
    ByteBuf content;
    AsciiBytes type;
    if (problem) {
      content = ErrorResponse.problem(allocator, status, sentence, requestId.toString());
      type = ErrorResponse.PROBLEM;
    } else if (page != null) {
      content = page.content(status, requestId);
      type = page.contentType();
    } else {
      content = ErrorResponse.body(allocator, status, sentence, requestId.toString());
      type = ErrorResponse.TEXT;
    }
    ErrorResponse.compose(head, status, content.readableBytes());
    head.fields().append(FieldName.CONTENT_TYPE, type);
    return content.isReadable() ? content : release(content);
  }

  private static ByteBuf release(ByteBuf empty) {
    empty.release();
    return Unpooled.EMPTY_BUFFER;
  }
}
