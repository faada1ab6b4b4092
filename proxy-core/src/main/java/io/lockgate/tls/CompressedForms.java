package io.lockgate.tls;

import io.netty.handler.ssl.OpenSslCertificateCompressionAlgorithm;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;

/**
 * What a context's certificate message becomes under one algorithm. The native library asks within
 * each handshake, on the event loop, and takes no "later" for an answer: so a message not seen yet
 * goes as it is, and is compressed by a worker meanwhile. Only few differ, by the staple in them.
 */
final class CompressedForms implements OpenSslCertificateCompressionAlgorithm {
  private final CompressionAlgorithm algorithm;
  private final CertificateCompression compression;

  /** Read by event loops, written by whichever thread has finished one. */
  private final AtomicReference<Forms> forms = new AtomicReference<>(Forms.NONE);

  CompressedForms(CompressionAlgorithm algorithm, CertificateCompression compression) {
    this.algorithm = algorithm;
    this.compression = compression;
  }

  @Override
  public byte[] compress(SSLEngine engine, byte[] message) {
    Forms now = forms.get();
    Optional<Form> known = now.of(message);
    if (known.isPresent()) {
      return known.get().bytes(algorithm);
    }
    Form begun = new Form(message, Optional.empty());
    // Whoever wins begins it; the others send it as it is meanwhile.
    if (forms.compareAndSet(now, now.with(begun))) {
      begin(begun);
    }
    return algorithm.wrap(message);
  }

  private void begin(Form begun) {
    try {
      compression.execute(
          () -> {
            byte[] compressed = compression.compress(algorithm, begun.message);
            Form done = new Form(begun.message, Optional.of(compressed));
            forms.updateAndGet(now -> now.replacing(begun, done));
          });
    } catch (RejectedExecutionException e) {
      // Signatures come first; the next handshake tries again.
      forms.updateAndGet(now -> now.without(begun));
    }
  }

  @Override
  public byte[] decompress(SSLEngine engine, int length, byte[] compressed) {
    throw new UnsupportedOperationException("certificates are compressed only");
  }

  @Override
  public int algorithmId() {
    return algorithm.id();
  }

  /** A message; compressed, or waiting for it. The arrays are never changed. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, as intended
  private record Form(byte[] message, Optional<byte[]> compressed) {
    byte[] bytes(CompressionAlgorithm algorithm) {
      return compressed.orElseGet(() -> algorithm.wrap(message));
    }
  }

  /** The newest two: with a staple and without, or the old staple and the new. */
  @SuppressWarnings("ReferenceEquality") // One form stands for one attempt to compress.
  private record Forms(Optional<Form> newest, Optional<Form> older) {
    static final Forms NONE = new Forms(Optional.empty(), Optional.empty());

    Optional<Form> of(byte[] message) {
      return newest.isPresent() && Arrays.equals(newest.get().message, message)
          ? newest
          : older.filter(form -> Arrays.equals(form.message, message));
    }

    Forms with(Form form) {
      return new Forms(Optional.of(form), newest);
    }

    Forms replacing(Form before, Form after) {
      return new Forms(
          newest.map(form -> form == before ? after : form),
          older.map(form -> form == before ? after : form));
    }

    Forms without(Form gone) {
      return new Forms(
          newest.filter(form -> form != gone).or(() -> older.filter(form -> form != gone)),
          newest.isPresent() && newest.get() != gone
              ? older.filter(form -> form != gone)
              : Optional.empty());
    }
  }
}
