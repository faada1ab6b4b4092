package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

class CompressedFormsTest {
  private static final SSLEngine NOT_LOOKED_AT = null;

  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private boolean full;
  private final CertificateCompression compression =
      new CertificateCompression(
          task -> {
            if (full) {
              throw new RejectedExecutionException();
            }
            tasks.add(task);
          });
  private final CompressedForms forms = new CompressedForms(CompressionAlgorithm.ZLIB, compression);

  private static byte[] message(String content) {
    return content.repeat(100).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] ask(String content) throws Exception {
    byte[] message = message(content);
    byte[] answer = forms.compress(NOT_LOOKED_AT, message);
    assertThat(Decompression.undo(CompressionAlgorithm.ZLIB, answer, message.length))
        .isEqualTo(message);
    return answer;
  }

  @Test
  void sendsAMessageAsItIsUntilAWorkerHasCompressedIt() throws Exception {
    assertThat(ask("a")).hasSizeGreaterThan(100);
    assertThat(ask("a")).hasSizeGreaterThan(100);
    assertThat(tasks).as("one for both").hasSize(1);
    tasks.remove().run();
    byte[] compressed = ask("a");
    assertThat(compressed).hasSizeLessThan(50);
    assertThat(ask("a")).as("made once").isSameAs(compressed);
    assertThat(tasks).isEmpty();
  }

  @Test
  void keepsTheNewestTwoMessages() throws Exception {
    for (String content : new String[] {"a", "b", "c"}) {
      ask(content);
      tasks.remove().run();
    }
    assertThat(ask("c")).hasSizeLessThan(50);
    assertThat(ask("b")).hasSizeLessThan(50);
    assertThat(tasks).isEmpty();
    assertThat(ask("a")).as("forgotten").hasSizeGreaterThan(100);
    assertThat(tasks).hasSize(1);
  }

  @Test
  void aMessageForgottenMeanwhileIsNotBroughtBack() throws Exception {
    ask("a");
    ask("b");
    ask("c");
    tasks.forEach(Runnable::run);
    tasks.clear();
    assertThat(ask("c")).hasSizeLessThan(50);
    assertThat(ask("b")).hasSizeLessThan(50);
    assertThat(ask("a")).hasSizeGreaterThan(100);
  }

  @Test
  void triesAgainWhereTheWorkersWereBusy() throws Exception {
    ask("b");
    tasks.remove().run();
    full = true;
    assertThat(ask("a")).hasSizeGreaterThan(100);
    assertThat(ask("b")).as("not pushed out by it").hasSizeLessThan(50);
    full = false;
    ask("a");
    tasks.remove().run();
    assertThat(ask("a")).hasSizeLessThan(50);
  }

  @Test
  void anAlgorithmWithoutItsLibraryIsOfferedNoMore() throws Exception {
    assertThat(compression.forContext()).hasSize(CompressionAlgorithm.values().length);
    byte[] message = message("a");
    byte[] form =
        compression.form(
            CompressionAlgorithm.ZSTD,
            message,
            input -> {
              throw new UnsatisfiedLinkError("no such library");
            });
    assertThat(Decompression.undo(CompressionAlgorithm.ZSTD, form, message.length))
        .isEqualTo(message);
    assertThat(compression.forContext()).hasSize(CompressionAlgorithm.values().length - 1);
  }
}
