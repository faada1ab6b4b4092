package io.lockgate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import java.lang.ref.Reference;
import java.security.SignatureException;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLEngine;

/** An RSA key that the system's OpenSSL holds. Signs on the caller's thread, any number at once. */
final class SystemOpenSslKey implements OpenSslPrivateKeyMethod {
  /** From openssl/rsa.h. */
  private static final int RSA_PKCS1_PADDING = 1;

  private static final int RSA_PKCS1_PSS_PADDING = 6;
  private static final int RSA_PSS_SALTLEN_DIGEST = -1;

  /** Before the message and the signature: the signature's length, and a pointer. */
  private static final int LENGTH_AT = 0;

  private static final int KEY_CONTEXT_AT = LENGTH_AT + Long.BYTES;
  private static final int SIGNATURE_AT = KEY_CONTEXT_AT + Long.BYTES;

  private final LibCrypto library;
  private final Digests digests;
  private final long key;
  private final int signatureBytes;
  private final LongAdder signatures;

  /** The library's digests, by pointer. */
  record Digests(long sha1, long sha256, long sha384, long sha512) {
    static Digests of(LibCrypto library) throws ReflectiveOperationException {
      return new Digests(
          library.digest("EVP_sha1"),
          library.digest("EVP_sha256"),
          library.digest("EVP_sha384"),
          library.digest("EVP_sha512"));
    }
  }

  SystemOpenSslKey(
      LibCrypto library, Digests digests, long key, int signatureBytes, LongAdder signatures) {
    this.library = library;
    this.digests = digests;
    this.key = key;
    this.signatureBytes = signatureBytes;
    this.signatures = signatures;
  }

  /**
   * @param scheme a code point of RFC 8446 section 4.2.3
   * @param message to be signed, not hashed yet
   */
  @Override
  public byte[] sign(SSLEngine engine, int scheme, byte[] message) throws SignatureException {
    long digest = digest(scheme);
    int messageAt = SIGNATURE_AT + signatureBytes;
    ByteBuf memory = PooledByteBufAllocator.DEFAULT.directBuffer(messageAt + message.length);
    long context = library.newContext();
    try {
      long at = memory.memoryAddress();
      memory.setLongLE(LENGTH_AT, signatureBytes).setBytes(messageAt, message);
      if (context == 0
          || !library.signInit(context, at + KEY_CONTEXT_AT, digest, key)
          || !padded(memory.getLongLE(KEY_CONTEXT_AT), scheme >= 0x0804)
          || !library.sign(
              context, at + SIGNATURE_AT, at + LENGTH_AT, at + messageAt, message.length)) {
        throw new SignatureException("the system's OpenSSL: " + library.takeError());
      }
      byte[] signature = new byte[(int) memory.getLongLE(LENGTH_AT)];
      memory.getBytes(SIGNATURE_AT, signature);
      signatures.increment();
      return signature;
    } finally {
      library.freeContext(context);
      memory.release();
      Reference.reachabilityFence(this);
    }
  }

  /** The salt is as long as the hash (RFC 8446 section 4.2.3). */
  private boolean padded(long keyContext, boolean pss) {
    return pss
        ? library.setPadding(keyContext, RSA_PKCS1_PSS_PADDING)
            && library.setSaltLength(keyContext, RSA_PSS_SALTLEN_DIGEST)
        : library.setPadding(keyContext, RSA_PKCS1_PADDING);
  }

  private long digest(int scheme) throws SignatureException {
    return switch (scheme) {
      case 0x0201 -> digests.sha1;
      case 0x0401, 0x0804 -> digests.sha256;
      case 0x0501, 0x0805 -> digests.sha384;
      case 0x0601, 0x0806 -> digests.sha512;
      default -> throw new SignatureException("signature scheme %04x".formatted(scheme));
    };
  }

  /** Key exchange by RSA decryption is not served. */
  @Override
  public byte[] decrypt(SSLEngine engine, byte[] input) {
    throw new UnsupportedOperationException("no key exchange by RSA");
  }
}
