package io.lockgate.app.handover;

import java.nio.charset.StandardCharsets;

/**
 * One message of the hand-over. The two sides speak in turns, so that descriptors, which travel
 * beside the octets, never meet with a message:
 *
 * <pre>
 * new: HELLO        the protocol's version, the product's version
 * old: ESTATE       what there is to inherit
 * new: DESCRIPTORS  it is ready to receive them
 * old:              one descriptor after the other
 * new: SERVING      it would serve at once    or  FAILED  why it cannot
 * old: YOURS        it is the other's turn
 * new: TAKEN        it accepts; the old process may cease to
 * </pre>
 *
 * An end of the connection before TAKEN leaves the old process as it was.
 */
final class Frame {
  private final Kind kind;
  private final byte[] content;

  enum Kind {
    HELLO,
    ESTATE,
    DESCRIPTORS,
    SERVING,
    FAILED,
    YOURS,
    TAKEN
  }

  /**
   * @param content belongs to the frame from here on
   */
  Frame(Kind kind, byte[] content) {
    this.kind = kind;
    this.content = content;
  }

  static Frame of(Kind kind, String text) {
    return new Frame(kind, text.getBytes(StandardCharsets.UTF_8));
  }

  static Frame of(Kind kind) {
    return new Frame(kind, new byte[0]);
  }

  Kind kind() {
    return kind;
  }

  /** The octets themselves, no copy: they may be secret, and are erased by whoever is done. */
  byte[] content() {
    return content;
  }

  String text() {
    return new String(content, StandardCharsets.UTF_8);
  }
}
