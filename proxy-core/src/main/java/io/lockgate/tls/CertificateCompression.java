package io.lockgate.tls;

import io.netty.handler.ssl.OpenSslCertificateCompressionConfig;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig.AlgorithmMode;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses the certificates that contexts show (RFC 8879). The work, and the loading of native
 * libraries, is done by workers and not before a client asks for it; an algorithm whose library is
 * not to be had here is offered no more. Used by all event loops.
 */
final class CertificateCompression {
  private static final Logger log = LoggerFactory.getLogger(CertificateCompression.class);

  private final Executor workers;
  private final Set<CompressionAlgorithm> missing = ConcurrentHashMap.newKeySet();

  CertificateCompression(Executor workers) {
    this.workers = workers;
  }

  /** What a new context is to offer; the compressed forms belong to that context. */
  OpenSslCertificateCompressionConfig forContext() {
    OpenSslCertificateCompressionConfig.Builder config =
        OpenSslCertificateCompressionConfig.newBuilder();
    for (CompressionAlgorithm algorithm : CompressionAlgorithm.values()) {
      if (!missing.contains(algorithm)) {
        // Clients' certificates, were they compressed, would have to be bounded and inflated here.
        config.addAlgorithm(new CompressedForms(algorithm, this), AlgorithmMode.Compress);
      }
    }
    return config.build();
  }

  /** Hands over a task; throws what the executor throws. */
  void execute(Runnable task) {
    workers.execute(task);
  }

  /** By a worker. The form that is shorter: one that does not shrink goes as it is. */
  byte[] compress(CompressionAlgorithm algorithm, byte[] input) {
    return form(algorithm, input, algorithm::compress);
  }

  byte[] form(CompressionAlgorithm algorithm, byte[] input, Shortening shortening) {
    byte[] wrapped = algorithm.wrap(input);
    if (missing.contains(algorithm)) {
      return wrapped;
    }
    try {
      byte[] compressed = shortening.of(input);
      return compressed.length < wrapped.length ? compressed : wrapped;
    } catch (IOException | RuntimeException | LinkageError e) {
      if (missing.add(algorithm)) {
        log.warn("certificates are not compressed with {}: {}", algorithm, e.toString());
      }
      return wrapped;
    }
  }

  /** Can fail in the ways of a native library. */
  @FunctionalInterface
  interface Shortening {
    byte[] of(byte[] input) throws IOException;
  }
}
