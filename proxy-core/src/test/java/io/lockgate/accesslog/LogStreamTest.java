package io.lockgate.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogStreamTest {
  private final List<String> writes = new ArrayList<>();
  private final LogStream stream =
      new LogStream(
          new OutputStream() {
            @Override
            public void write(int octet) {
              throw new AssertionError("one octet at a time");
            }

            @Override
            public void write(byte[] octets, int offset, int length) {
              writes.add(new String(octets, offset, length, StandardCharsets.ISO_8859_1));
            }
          });

  private void write(String lines) throws IOException {
    stream.write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** Others write to standard output too, and what they write comes between two lines. */
  @Test
  void writesNoPartOfALine() throws IOException {
    String lines = ("x".repeat(700) + "\n").repeat(300);
    write(lines);
    assertThat(writes).hasSizeGreaterThan(1).allMatch(piece -> piece.endsWith("\n"));
    assertThat(String.join("", writes)).isEqualTo(lines);
  }

  @Test
  void writesWhatHasNoEndInPieces() throws IOException {
    String endless = "x".repeat(200_000);
    write(endless);
    assertThat(String.join("", writes)).isEqualTo(endless);
  }
}
