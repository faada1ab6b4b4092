package io.lockgate.app;

/**
 * Writes one JSON document (RFC 8259) as text, in the order of the calls. For the commands, which
 * live too short to load a JSON library; nesting is the caller's to close.
 */
final class JsonText {
  private final StringBuilder text = new StringBuilder(256);

  JsonText beginObject() {
    separate();
    text.append('{');
    return this;
  }

  JsonText endObject() {
    text.append('}');
    return this;
  }

  JsonText beginArray() {
    separate();
    text.append('[');
    return this;
  }

  JsonText endArray() {
    text.append(']');
    return this;
  }

  /** The name of a field; its value must follow. */
  JsonText name(String name) {
    separate();
    quote(name);
    text.append(':');
    return this;
  }

  JsonText value(String value) {
    separate();
    quote(value);
    return this;
  }

  JsonText value(long value) {
    separate();
    text.append(value);
    return this;
  }

  JsonText value(boolean value) {
    separate();
    text.append(value);
    return this;
  }

  JsonText field(String name, String value) {
    return name(name).value(value);
  }

  JsonText field(String name, long value) {
    return name(name).value(value);
  }

  JsonText field(String name, boolean value) {
    return name(name).value(value);
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private void separate() {
    if (text.length() > 0 && "{[:".indexOf(text.charAt(text.length() - 1)) < 0) {
      text.append(',');
    }
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c == '\n') {
        text.append("\\n");
      } else if (c < 0x20 || c == 0x7f) {
        text.append("\\u00").append(Character.forDigit(c >> 4, 16));
        text.append(Character.forDigit(c & 0xf, 16));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
