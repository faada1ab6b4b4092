package io.lockgate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * The functions of OpenSSL's libcrypto that {@link SystemOpenSsl} needs, as its manual pages have
 * them. Pointers are {@code long}s; those to memory of the caller's must stay valid during a call.
 */
final class LibCrypto {
  private static final int OPENSSL_VERSION = 0;
  private static final int MOST_TEXT = 256;

  private final MethodHandle init;
  private final MethodHandle version;
  private final MethodHandle copyText;
  private final MethodHandle readKey;
  private final MethodHandle freeKey;
  private final MethodHandle newContext;
  private final MethodHandle freeContext;
  private final MethodHandle signInit;
  private final MethodHandle setPadding;
  private final MethodHandle setSaltLength;
  private final MethodHandle sign;
  private final MethodHandle clearErrors;
  private final MethodHandle nextError;
  private final MethodHandle errorText;
  private final ForeignLibrary library;

  LibCrypto(ForeignLibrary library) throws ReflectiveOperationException {
    this.library = library;
    Class<?> pointer = long.class;
    Class<?> size = long.class;
    Class<?> number = int.class;
    init = library.function("OPENSSL_init_crypto", number, long.class, pointer);
    version = library.function("OpenSSL_version", pointer, number);
    copyText = library.function("OPENSSL_strlcpy", size, pointer, pointer, size);
    readKey = library.function("d2i_AutoPrivateKey", pointer, pointer, pointer, long.class);
    freeKey = library.procedure("EVP_PKEY_free", pointer);
    newContext = library.function("EVP_MD_CTX_new", pointer);
    freeContext = library.procedure("EVP_MD_CTX_free", pointer);
    signInit =
        library.function("EVP_DigestSignInit", number, pointer, pointer, pointer, pointer, pointer);
    setPadding = library.function("EVP_PKEY_CTX_set_rsa_padding", number, pointer, number);
    setSaltLength = library.function("EVP_PKEY_CTX_set_rsa_pss_saltlen", number, pointer, number);
    sign = library.function("EVP_DigestSign", number, pointer, pointer, pointer, pointer, size);
    clearErrors = library.procedure("ERR_clear_error");
    nextError = library.function("ERR_get_error", long.class);
    errorText = library.procedure("ERR_error_string_n", long.class, pointer, size);
  }

  /** Whether the library could be made ready; the first call of all. */
  boolean begin(long options) {
    try {
      return (int) init.invokeExact(options, 0L) == 1;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  String version() {
    ByteBuf room = PooledByteBufAllocator.DEFAULT.directBuffer(MOST_TEXT);
    try {
      long text = (long) version.invokeExact(OPENSSL_VERSION);
      long unused = (long) copyText.invokeExact(room.memoryAddress(), text, (long) MOST_TEXT);
      return text(room);
    } catch (Throwable e) {
      throw impossible(e);
    } finally {
      room.release();
    }
  }

  /**
   * A digest, such as {@code EVP_sha256}, by the function that returns it; it is never freed.
   *
   * @throws ReflectiveOperationException if there is no such function
   */
  long digest(String name) throws ReflectiveOperationException {
    MethodHandle function = library.function(name, long.class);
    try {
      return (long) function.invokeExact();
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /**
   * A private key by its encoding (PKCS #8), or 0.
   *
   * @param at where a pointer to the encoding stands, which is moved behind it
   */
  long readKey(long at, long bytes) {
    try {
      return (long) readKey.invokeExact(0L, at, bytes);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  void freeKey(long key) {
    try {
      freeKey.invokeExact(key);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** A context for one signature, or 0. */
  long newContext() {
    try {
      return (long) newContext.invokeExact();
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  void freeContext(long context) {
    try {
      freeContext.invokeExact(context);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /**
   * @param keyContext where to put the pointer to the key's context, which {@link #setPadding} and
   *     {@link #setSaltLength} take and which belongs to the context
   */
  boolean signInit(long context, long keyContext, long digest, long key) {
    try {
      return (int) signInit.invokeExact(context, keyContext, digest, 0L, key) == 1;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  boolean setPadding(long keyContext, int padding) {
    try {
      return (int) setPadding.invokeExact(keyContext, padding) == 1;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  boolean setSaltLength(long keyContext, int length) {
    try {
      return (int) setSaltLength.invokeExact(keyContext, length) == 1;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /**
   * @param signatureBytes where the room for the signature stands, and then its length
   */
  boolean sign(long context, long signature, long signatureBytes, long message, long messageBytes) {
    try {
      return (int) sign.invokeExact(context, signature, signatureBytes, message, messageBytes) == 1;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Why a call on this thread failed just now; forgets it, and what may have failed before. */
  String takeError() {
    ByteBuf room = PooledByteBufAllocator.DEFAULT.directBuffer(MOST_TEXT);
    try {
      long error = (long) nextError.invokeExact();
      errorText.invokeExact(error, room.memoryAddress(), (long) MOST_TEXT);
      clearErrors.invokeExact();
      return text(room);
    } catch (Throwable e) {
      throw impossible(e);
    } finally {
      room.release();
    }
  }

  /** What stands before the octet of zero. */
  private static String text(ByteBuf room) {
    room.writerIndex(room.capacity());
    return room.toString(0, room.bytesBefore((byte) 0), StandardCharsets.UTF_8);
  }

  private static AssertionError impossible(Throwable e) {
    return new AssertionError("a call of a C function threw", e);
  }
}
