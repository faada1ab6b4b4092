package io.lockgate.tls;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Adler32;
import java.util.zip.Deflater;

/**
 * The algorithms that certificates may be compressed with (RFC 8879 section 7.3), most wanted
 * first. Each can also wrap its input as it is, which any decompressor takes and which needs no
 * native library.
 */
enum CompressionAlgorithm {
  BROTLI(2) {
    @Override
    byte[] compress(byte[] input) throws IOException {
      Brotli4jLoader.ensureAvailability();
      return Encoder.compress(
          input, new Encoder.Parameters().setQuality(BROTLI_BEST).setWindow(BROTLI_WINDOW));
    }

    /** An uncompressed meta-block and an empty last one (RFC 7932 section 9.2). */
    @Override
    byte[] wrap(byte[] input) {
      int nibbles = input.length <= 1 << 16 ? 4 : input.length <= 1 << 20 ? 5 : 6;
      long header = ((nibbles - 4) << 2) | ((input.length - 1L) << 4) | (1L << (4 + 4 * nibbles));
      int headerBytes = (4 + 4 * nibbles + 8) / 8;
      byte[] wrapped = new byte[headerBytes + input.length + 1];
      ByteBuffer out = ByteBuffer.wrap(wrapped);
      for (int i = 0; i < headerBytes; i++) {
        out.put((byte) (header >>> (8 * i)));
      }
      out.put(input).put((byte) 3);
      return wrapped;
    }
  },

  ZSTD(3) {
    @Override
    byte[] compress(byte[] input) {
      return Zstd.compress(input, ZSTD_BEST);
    }

    /** A frame of raw blocks (RFC 8878 section 3.1.1). */
    @Override
    byte[] wrap(byte[] input) {
      int blocks = Math.max(1, (input.length + ZSTD_BLOCK - 1) / ZSTD_BLOCK);
      byte[] wrapped = new byte[9 + 3 * blocks + input.length];
      ByteBuffer out = ByteBuffer.wrap(wrapped).order(ByteOrder.LITTLE_ENDIAN);
      out.putInt(0xfd2fb528).put((byte) 0xa0).putInt(input.length);
      for (int i = 0, from = 0; i < blocks; i++, from += ZSTD_BLOCK) {
        int length = Math.min(ZSTD_BLOCK, input.length - from);
        int header = (length << 3) | (i == blocks - 1 ? 1 : 0);
        out.put((byte) header).put((byte) (header >>> 8)).put((byte) (header >>> 16));
        out.put(input, from, length);
      }
      return wrapped;
    }
  },

  ZLIB(1) {
    @Override
    byte[] compress(byte[] input) {
      return deflate(input, Deflater.BEST_COMPRESSION);
    }

    /** Stored blocks (RFC 1951 section 3.2.4). */
    @Override
    byte[] wrap(byte[] input) {
      int blocks = Math.max(1, (input.length + ZLIB_BLOCK - 1) / ZLIB_BLOCK);
      byte[] wrapped = new byte[2 + 5 * blocks + input.length + 4];
      ByteBuffer out = ByteBuffer.wrap(wrapped).order(ByteOrder.LITTLE_ENDIAN);
      out.putShort((short) 0x0178);
      for (int i = 0, from = 0; i < blocks; i++, from += ZLIB_BLOCK) {
        int length = Math.min(ZLIB_BLOCK, input.length - from);
        out.put((byte) (i == blocks - 1 ? 1 : 0)).putShort((short) length);
        out.putShort((short) ~length).put(input, from, length);
      }
      Adler32 checksum = new Adler32();
      checksum.update(input);
      out.order(ByteOrder.BIG_ENDIAN).putInt((int) checksum.getValue());
      return wrapped;
    }
  };

  private static final int BROTLI_BEST = 11;
  private static final int BROTLI_WINDOW = 18;
  private static final int ZSTD_BEST = 19;
  private static final int ZSTD_BLOCK = 1 << 17;
  private static final int ZLIB_BLOCK = 0xffff;

  private final int id;

  CompressionAlgorithm(int id) {
    this.id = id;
  }

  /** The code point of RFC 8879. */
  int id() {
    return id;
  }

  /**
   * The shortest form; up to milliseconds of work, and more the first time, when a native library
   * is unpacked and loaded. Never on an event loop.
   *
   * @throws LinkageError where there is no such library for this platform
   */
  abstract byte[] compress(byte[] input) throws IOException;

  /** The input in the algorithm's format but as it is: some bytes longer. */
  abstract byte[] wrap(byte[] input);

  private static byte[] deflate(byte[] input, int level) {
    Deflater deflater = new Deflater(level);
    try {
      deflater.setInput(input);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(input.length);
      byte[] buffer = new byte[4096];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }
}
