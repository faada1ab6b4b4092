package io.lockgate.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An HTTP/1.1 message as it stood on the wire; a fact, without any judgement.
 *
 * @param startLine request line or status line, without its line end
 * @param text content with the chunked coding taken off, one byte a character (ISO 8859-1)
 */
public record HttpMessage(String startLine, List<Field> fields, String text, List<Field> trailers) {

  /** A field line; the name as sent. */
  public record Field(String name, String value) {}

  public HttpMessage {
    fields = List.copyOf(fields);
    trailers = List.copyOf(trailers);
  }

  /** Status code of a response. */
  public int status() {
    return Integer.parseInt(startLine.split(" ", 3)[1]);
  }

  /** Method of a request. */
  public String method() {
    return startLine.split(" ", 3)[0];
  }

  /** Target of a request. */
  public String target() {
    return startLine.split(" ", 3)[1];
  }

  /** The values of every field line of that name, in order. */
  public List<String> fields(String name) {
    return fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).map(Field::value).toList();
  }

  /** The value of the only field line of that name; two lines of one name fail the test. */
  public Optional<String> field(String name) {
    List<String> values = fields(name);
    if (values.size() > 1) {
      throw new AssertionError("field " + name + " stands there more than once: " + this);
    }
    return values.stream().findFirst();
  }

  public Optional<String> trailer(String name) {
    return trailers.stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }

  /** Whether {@code Connection} holds {@code option}. */
  public boolean connectionHas(String option) {
    return fields("Connection").stream()
        .flatMap(value -> List.of(value.split(",", -1)).stream())
        .anyMatch(value -> value.strip().toLowerCase(Locale.ROOT).equals(option));
  }

  /** Content as it came. */
  public byte[] bytes() {
    return text.getBytes(ISO_8859_1);
  }

  @Override
  public String toString() {
    String shown = text.length() > 500 ? text.length() + " bytes" : text;
    return startLine + " " + fields + " " + shown + (trailers.isEmpty() ? "" : " " + trailers);
  }
}
