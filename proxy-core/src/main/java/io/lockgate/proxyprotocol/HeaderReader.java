package io.lockgate.proxyprotocol;

import io.netty.buffer.ByteBuf;

/**
 * Tells by its first bytes which version of the PROXY protocol a connection begins with, and has it
 * read. Looks at what has been received anew each time, so that it makes no difference how the
 * bytes were cut; never takes anything out of the buffer. Pure.
 */
public final class HeaderReader {
  static final byte[] SIGNATURE_1 = {'P', 'R', 'O', 'X', 'Y', ' '};
  static final byte[] SIGNATURE_2 = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };

  private HeaderReader() {}

  /**
   * @param received everything since the connection began; neither consumed nor kept
   */
  public static HeaderReading read(ByteBuf received) {
    if (!received.isReadable()) {
      return HeaderReading.NeedMore.INSTANCE;
    }
    byte[] signature = received.getByte(received.readerIndex()) == 'P' ? SIGNATURE_1 : SIGNATURE_2;
    int compared = Math.min(signature.length, received.readableBytes());
    for (int i = 0; i < compared; i++) {
      if (received.getByte(received.readerIndex() + i) != signature[i]) {
        return new HeaderReading.Failed(
            HeaderReading.Fault.MISSING, "The connection does not begin with a PROXY header.");
      }
    }
    if (compared < signature.length) {
      return HeaderReading.NeedMore.INSTANCE;
    }
    return signature == SIGNATURE_1 ? TextHeader.read(received) : BinaryHeader.read(received);
  }

  static HeaderReading malformed(String detail) {
    return new HeaderReading.Failed(HeaderReading.Fault.MALFORMED, detail);
  }
}
