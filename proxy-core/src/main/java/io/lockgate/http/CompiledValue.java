package io.lockgate.http;

import io.lockgate.config.model.FieldTemplate;
import java.nio.charset.StandardCharsets;

/**
 * The value of a field that a route sets, made ready once per configuration: the same bytes for
 * every request, or put together for each. Immutable.
 */
final class CompiledValue {
  private static final String HEX = "0123456789ABCDEF";

  /** Null where the value differs from request to request. */
  private final AsciiBytes fixed;

  private final FieldTemplate template;

  private CompiledValue(FieldTemplate template, AsciiBytes fixed) {
    this.template = template;
    this.fixed = fixed;
  }

  /**
   * Makes a value ready.
   *
   * @throws IllegalArgumentException with a sentence for the operator, if it is none
   */
  static CompiledValue of(String value) {
    if (!value.equals(value.strip())
        || !value.chars().allMatch(c -> c < 256 && Octets.is((byte) c, Octets.VALUE))) {
      throw new IllegalArgumentException("not a field value: \"" + value + "\"");
    }
    FieldTemplate template = FieldTemplate.parse(value);
    return new CompiledValue(
        template, template.isFixed() ? AsciiBytes.of(template.fixedText()) : null);
  }

  /** Appends a field line, unless nothing is known that the value would say. */
  void append(AsciiBytes name, FieldSection fields, FieldVariables known) {
    if (fixed != null) {
      fields.append(name, fixed);
      return;
    }
    String value = text(known).strip();
    if (!value.isEmpty()) {
      fields.append(name, AsciiBytes.of(value));
    }
  }

  /** Empty where one of the variables is: half a value would say something else. */
  private String text(FieldVariables known) {
    StringBuilder text = new StringBuilder();
    for (FieldTemplate.Part part : template.parts()) {
      if (part instanceof FieldTemplate.Part.Text literal) {
        text.append(literal.text());
      } else if (part instanceof FieldTemplate.Part.Known place) {
        String value = known.value(place.variable());
        if (value.isEmpty()) {
          return "";
        }
        appendVisible(text, value);
      }
    }
    return text.toString();
  }

  /** A value from outside ends no line and cannot be taken for another: RFC 3986 section 2.1. */
  private static void appendVisible(StringBuilder text, String value) {
    for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
      if (octet >= 0x20 && octet < 0x7f && octet != '%') {
        text.append((char) octet);
      } else {
        text.append('%').append(HEX.charAt(octet >> 4 & 15)).append(HEX.charAt(octet & 15));
      }
    }
  }
}
