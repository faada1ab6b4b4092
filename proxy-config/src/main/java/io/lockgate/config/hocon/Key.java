package io.lockgate.config.hocon;

import java.util.List;

/**
 * A key of a section: what may stand there, what counts where it is left out, and what it is for.
 *
 * @param presence what it means to leave the key out
 * @param fallback text of the default, item by item for a list; empty where there is none
 * @param note follows the default in documents where the default depends on something
 * @param secret whether the value must never be shown
 */
record Key(
    String name,
    Shape shape,
    Presence presence,
    List<String> fallback,
    String note,
    boolean secret,
    String doc) {

  /** What it means to leave a key out. */
  enum Presence {
    /** An error. */
    REQUIRED,
    /** The default counts. */
    DEFAULTED,
    /** What the key is about is not done. */
    OPTIONAL
  }

  /** A key that may be left out; what it is about is then not done. */
  static Key of(String name, Shape shape, String doc) {
    return new Key(name, shape, Presence.OPTIONAL, List.of(), "", false, doc);
  }

  /** A section that is always there, since all of its keys may be left out. */
  static Key section(String name, Section section, String doc) {
    return new Key(name, section, Presence.DEFAULTED, List.of(), "", false, doc);
  }

  Key required() {
    return new Key(name, shape, Presence.REQUIRED, List.of(), note, secret, doc);
  }

  Key or(String... texts) {
    return new Key(name, shape, Presence.DEFAULTED, List.of(texts), note, secret, doc);
  }

  Key noting(String words) {
    return new Key(name, shape, presence, fallback, words, secret, doc);
  }

  Key hidden() {
    return new Key(name, shape, presence, fallback, note, true, doc);
  }

  /** What counts where the key is left out. */
  Node standIn(Place parent) {
    return shape.standIn(parent.key(name), fallback);
  }
}
