package io.lockgate.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads HTTP/1.1 messages strictly: a proxy that writes a bare LF, two lengths or a bad chunk makes
 * the test fail here. One thread at a time.
 */
final class HttpReader {
  private final InputStream in;

  HttpReader(InputStream in) {
    this.in = in;
  }

  /** Head and content of a request; empty where the connection ended between messages. */
  Optional<HttpMessage> request() throws IOException {
    Optional<HttpMessage> head = head();
    if (head.isEmpty()) {
      return head;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<HttpMessage.Field> trailers = content(head.get(), false, body);
    return Optional.of(with(head.get(), body, trailers));
  }

  /**
   * Head and content of a response.
   *
   * @param bodiless because the request was HEAD
   */
  HttpMessage response(boolean bodiless) throws IOException {
    HttpMessage head = head().orElseThrow(() -> new EOFException("closed instead of a response"));
    int status = head.status();
    if (bodiless || status < 200 || status == 204 || status == 304) {
      return head;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<HttpMessage.Field> trailers = content(head, true, body);
    return with(head, body, trailers);
  }

  Optional<HttpMessage> head() throws IOException {
    String start = line(true);
    if (start == null) {
      return Optional.empty();
    }
    return Optional.of(new HttpMessage(start, fieldLines(), "", List.of()));
  }

  /** Copies the content that {@code head} announces and returns the trailers. */
  List<HttpMessage.Field> content(HttpMessage head, boolean mayEndByClose, OutputStream to)
      throws IOException {
    List<String> codings = head.fields("Transfer-Encoding");
    List<String> lengths = head.fields("Content-Length");
    if (codings.size() + lengths.size() > 1) {
      throw new IOException("ambiguous framing: " + head);
    }
    if (!codings.isEmpty()) {
      if (!codings.get(0).equalsIgnoreCase("chunked")) {
        throw new IOException("unexpected coding: " + head);
      }
      return chunked(to);
    }
    if (!lengths.isEmpty()) {
      copy(Long.parseLong(lengths.get(0)), to);
    } else if (mayEndByClose) {
      in.transferTo(to);
    }
    return List.of();
  }

  private List<HttpMessage.Field> chunked(OutputStream to) throws IOException {
    while (true) {
      String size = line(false);
      int extension = size.indexOf(';');
      long left = Long.parseLong(extension < 0 ? size : size.substring(0, extension), 16);
      if (left == 0) {
        return fieldLines();
      }
      copy(left, to);
      if (!line(false).isEmpty()) {
        throw new IOException("chunk is longer than its size line says");
      }
    }
  }

  private void copy(long length, OutputStream to) throws IOException {
    byte[] buffer = new byte[(int) Math.min(64 * 1024, length)];
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException("closed with " + left + " of " + length + " bytes missing");
      }
      to.write(buffer, 0, read);
      left -= read;
    }
  }

  private List<HttpMessage.Field> fieldLines() throws IOException {
    List<HttpMessage.Field> fields = new ArrayList<>();
    while (true) {
      String line = line(false);
      if (line.isEmpty()) {
        return fields;
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("not a field line: " + line);
      }
      fields.add(
          new HttpMessage.Field(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
  }

  /** One line without its CRLF; null where the stream ends before its first byte. */
  private String line(boolean mayEnd) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    while (true) {
      int b = in.read();
      if (b < 0) {
        if (mayEnd && line.size() == 0) {
          return null;
        }
        throw new EOFException("closed in the middle of a line: " + line.toString(ISO_8859_1));
      }
      if (b == '\n') {
        throw new IOException("bare LF after: " + line.toString(ISO_8859_1));
      }
      if (b == '\r') {
        if (in.read() != '\n') {
          throw new IOException("CR without LF after: " + line.toString(ISO_8859_1));
        }
        return line.toString(ISO_8859_1);
      }
      line.write(b);
    }
  }

  private static HttpMessage with(
      HttpMessage head, ByteArrayOutputStream body, List<HttpMessage.Field> trailers) {
    return new HttpMessage(head.startLine(), head.fields(), body.toString(ISO_8859_1), trailers);
  }
}
