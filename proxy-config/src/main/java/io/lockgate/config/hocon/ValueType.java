package io.lockgate.config.hocon;

import java.util.function.Function;

/**
 * A kind of single value: what it is called in documents, and how its text is understood. Pure.
 *
 * @param label such as {@code duration}; for a choice the words that may be chosen
 */
record ValueType(String label, Function<String, Parsed> parser) {
  Parsed parse(String text) {
    return parser.apply(text);
  }
}
