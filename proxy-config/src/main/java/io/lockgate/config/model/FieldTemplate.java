package io.lockgate.config.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The value of a field with places for what is known of a request: <code>%{client-address}</code>
 * and the like. <code>%%{</code> is written for <code>%{</code> itself; every other percent sign
 * means itself.
 */
public record FieldTemplate(List<Part> parts) {
  private static final String OPENING = "%{";

  public FieldTemplate {
    parts = List.copyOf(parts);
  }

  /** What is known of a request. */
  public enum Variable {
    /** Of the client itself, as far as proxies in front are believed; without port. */
    CLIENT_ADDRESS("client-address"),
    /** The authority that the client asks for, as it wrote it. */
    HOST("host"),
    REQUEST_ID("request-id"),
    /** The name in the client's hello (RFC 6066 section 3). */
    SNI("sni"),
    /** {@code TLSv1.2} or {@code TLSv1.3}. */
    TLS_VERSION("tls-version"),
    /** IANA's name of the cipher suite. */
    TLS_CIPHER("tls-cipher"),
    /** The distinguished name (RFC 4514) of the client's verified certificate. */
    CLIENT_CERT_SUBJECT("client-cert-subject"),
    /** SHA-256 of the client's verified certificate in lower-case hex. */
    CLIENT_CERT_FINGERPRINT("client-cert-fingerprint");

    private final String written;

    Variable(String written) {
      this.written = written;
    }

    /** As an operator writes it. */
    public String written() {
      return written;
    }

    private static Variable of(String name) {
      return Arrays.stream(values())
          .filter(variable -> variable.written.equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      OPENING + name + "} is not known; there are " + allWritten()));
    }

    private static String allWritten() {
      return Arrays.stream(values()).map(Variable::written).collect(Collectors.joining(", "));
    }
  }

  /** Text as it is sent, or what is known. */
  public sealed interface Part {
    record Text(String text) implements Part {}

    record Known(Variable variable) implements Part {}
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException with a sentence for the operator
   */
  public static FieldTemplate parse(String value) {
    List<Part> parts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < value.length()) {
      if (value.startsWith("%" + OPENING, at)) {
        text.append(OPENING);
        at += 3;
      } else if (value.startsWith(OPENING, at)) {
        int end = value.indexOf('}', at);
        if (end < 0) {
          throw new IllegalArgumentException(OPENING + " without a closing brace");
        }
        addText(parts, text);
        parts.add(new Part.Known(Variable.of(value.substring(at + 2, end))));
        at = end + 1;
      } else {
        text.append(value.charAt(at++));
      }
    }
    addText(parts, text);
    return new FieldTemplate(parts);
  }

  private static void addText(List<Part> parts, StringBuilder text) {
    if (text.length() > 0) {
      parts.add(new Part.Text(text.toString()));
      text.setLength(0);
    }
  }

  /** The value, if it is the same for every request. */
  public boolean isFixed() {
    return parts.stream().allMatch(Part.Text.class::isInstance);
  }

  /** The value of a template that {@link #isFixed}. */
  public String fixedText() {
    return parts.stream().map(part -> ((Part.Text) part).text()).collect(Collectors.joining());
  }
}
