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
 * old: YOURS        it accepts no more
 * </pre>
 *
 * An end of the connection before YOURS leaves the old process as it was.
 */
record Frame(Kind kind, byte[] content) {
  enum Kind {
    HELLO,
    ESTATE,
    DESCRIPTORS,
    SERVING,
    FAILED,
    YOURS
  }

  static Frame of(Kind kind, String text) {
    return new Frame(kind, text.getBytes(StandardCharsets.UTF_8));
  }

  static Frame of(Kind kind) {
    return new Frame(kind, new byte[0]);
  }

  String text() {
    return new String(content, StandardCharsets.UTF_8);
  }
}
