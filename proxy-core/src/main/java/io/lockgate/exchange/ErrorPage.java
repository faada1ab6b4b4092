package io.lockgate.exchange;

import io.lockgate.config.model.ErrorPages;
import io.lockgate.http.AsciiBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An operator's page, taken apart at its places for the request id and the status. Anything else
 * that looks like a place stays as it is: style sheets are full of percent signs. Immutable.
 */
final class ErrorPage {
  private static final Pattern PLACE = Pattern.compile("%\\{(request-id|status)}");

  private final AsciiBytes contentType;
  private final boolean json;
  private final List<Piece> pieces;

  private ErrorPage(AsciiBytes contentType, boolean json, List<Piece> pieces) {
    this.contentType = contentType;
    this.json = json;
    this.pieces = List.copyOf(pieces);
  }

  /**
   * Octets, and what stands behind them.
   *
   * @param octets never changed
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Piece(byte[] octets, Place then) {}

  private enum Place {
    REQUEST_ID,
    STATUS,
    NONE
  }

  static ErrorPage compile(ErrorPages.Page page) {
    List<Piece> pieces = new ArrayList<>();
    Matcher place = PLACE.matcher(page.text());
    int at = 0;
    while (place.find()) {
      pieces.add(
          new Piece(
              utf8(page.text().substring(at, place.start())),
              place.group(1).equals("status") ? Place.STATUS : Place.REQUEST_ID));
      at = place.end();
    }
    pieces.add(new Piece(utf8(page.text().substring(at)), Place.NONE));
    return new ErrorPage(
        AsciiBytes.of(page.contentType()), page.contentType().endsWith("json"), pieces);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  AsciiBytes contentType() {
    return contentType;
  }

  boolean json() {
    return json;
  }

  /** The page for one answer; the page's own octets are shared, not copied. */
  ByteBuf content(int status, AsciiBytes requestId) {
    if (pieces.size() == 1) {
      return Unpooled.wrappedBuffer(pieces.get(0).octets());
    }
    byte[] id = utf8(harmless(requestId.toString()));
    byte[] number = utf8(Integer.toString(status));
    List<byte[]> parts = new ArrayList<>(pieces.size() * 2);
    for (Piece piece : pieces) {
      parts.add(piece.octets());
      if (piece.then() != Place.NONE) {
        parts.add(piece.then() == Place.STATUS ? number : id);
      }
    }
    return Unpooled.wrappedBuffer(parts.toArray(byte[][]::new));
  }

  /** An id that a client chose must not be markup. */
  private static String harmless(String id) {
    return id.replaceAll("[^A-Za-z0-9._:+/=-]", "_");
  }
}
