package io.lockgate.tls;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.Decoder;
import com.github.luben.zstd.Zstd;
import io.netty.handler.ssl.OpenSslCertificateCompressionAlgorithm;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig.AlgorithmMode;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import javax.net.ssl.SSLEngine;

/** How a client undoes one algorithm of RFC 8879; keeps the lengths of what it was sent. */
public final class Decompression implements OpenSslCertificateCompressionAlgorithm {

  /** A compressed certificate message as it came. */
  public record Seen(int compressed, int plain) {}

  public final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  private final CompressionAlgorithm algorithm;

  public Decompression(String algorithm) {
    this.algorithm = CompressionAlgorithm.valueOf(algorithm);
  }

  /** What a client offers that knows this algorithm alone. */
  public OpenSslCertificateCompressionConfig config() {
    return OpenSslCertificateCompressionConfig.newBuilder()
        .addAlgorithm(this, AlgorithmMode.Decompress)
        .build();
  }

  @Override
  public byte[] compress(SSLEngine engine, byte[] plain) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] decompress(SSLEngine engine, int length, byte[] compressed) throws Exception {
    seen.add(new Seen(compressed.length, length));
    return undo(algorithm, compressed, length);
  }

  @Override
  public int algorithmId() {
    return algorithm.id();
  }

  static byte[] undo(CompressionAlgorithm algorithm, byte[] compressed, int length)
      throws IOException, DataFormatException {
    return switch (algorithm) {
      case BROTLI -> {
        Brotli4jLoader.ensureAvailability();
        yield Decoder.decompress(compressed).getDecompressedData();
      }
      case ZSTD -> Zstd.decompress(compressed, length);
      case ZLIB -> inflated(compressed, length);
    };
  }

  private static byte[] inflated(byte[] compressed, int length) throws DataFormatException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(compressed);
      byte[] plain = new byte[length];
      int filled = 0;
      int more;
      while (filled < length && (more = inflater.inflate(plain, filled, length - filled)) > 0) {
        filled += more;
      }
      if (inflater.inflate(new byte[1]) > 0 || !inflater.finished()) {
        throw new DataFormatException("longer than said");
      }
      return plain;
    } finally {
      inflater.end();
    }
  }
}
