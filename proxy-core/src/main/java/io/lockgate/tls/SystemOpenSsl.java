package io.lockgate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenSSL's libcrypto as the system has it, where it signs with RSA keys of 2048 bits in half the
 * time that the TLS library takes: on processors with AVX-512 IFMA, for which OpenSSL 3 has code
 * and BoringSSL has none. Nothing else is asked of it, and its configuration file is not read.
 * Loaded once and kept for good; safe to use from any thread.
 */
public final class SystemOpenSsl {
  private static final String FILE = "libcrypto.so.3";
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** What OpenSSL looks for as well before it takes the faster way. */
  private static final List<String> INSTRUCTIONS =
      List.of("avx512f", "avx512ifma", "avx512vl", "avx512dq", "avx512bw");

  private static final int RSA_BITS = 2048;

  /** OPENSSL_INIT_NO_ATEXIT, as threads may sign until the process ends, and _NO_LOAD_CONFIG. */
  private static final long OPTIONS = 0x00080000L | 0x00000080L;

  private static final Cleaner CLEANER = Cleaner.create();

  private static final Logger log = LoggerFactory.getLogger(SystemOpenSsl.class);

  private final LibCrypto library;
  private final String version;
  private final SystemOpenSslKey.Digests digests;
  private final LongAdder signatures = new LongAdder();

  private SystemOpenSsl(LibCrypto library) throws ReflectiveOperationException {
    this.library = library;
    this.version = library.version();
    this.digests = SystemOpenSslKey.Digests.of(library);
  }

  /**
   * Loads it where it is of use. Takes a tenth of a second and reads files, so never on an event
   * loop.
   *
   * @return empty where the processor, the system or this Java does not have what it takes
   */
  public static Optional<SystemOpenSsl> load() {
    return faster() ? loadAnyway() : Optional.empty();
  }

  /** The same where it is no faster, too. */
  static Optional<SystemOpenSsl> loadAnyway() {
    return ForeignLibrary.load(FILE).flatMap(SystemOpenSsl::of);
  }

  private static Optional<SystemOpenSsl> of(ForeignLibrary file) {
    try {
      LibCrypto library = new LibCrypto(file);
      return library.begin(OPTIONS) ? Optional.of(new SystemOpenSsl(library)) : Optional.empty();
    } catch (ReflectiveOperationException | RuntimeException | AssertionError e) {
      // Such as buffers without addresses, where the network library was told to do without.
      log.warn("the system's OpenSSL is of no use", e);
      return Optional.empty();
    }
  }

  private static boolean faster() {
    try (Stream<String> lines = Files.lines(PROCESSORS, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .limit(1)
          .anyMatch(line -> List.of(line.split("\\s+")).containsAll(INSTRUCTIONS));
    } catch (IOException e) {
      return false;
    }
  }

  /** As the library calls itself, such as {@code OpenSSL 3.0.17 1 Jul 2025}. */
  public String version() {
    return version;
  }

  /** Signatures made so far, for whichever key. */
  public long signatures() {
    return signatures.sum();
  }

  /** Whether signatures of this key gain by it. */
  static boolean suits(PrivateKey key) {
    return key instanceof RSAKey rsa && rsa.getModulus().bitLength() == RSA_BITS;
  }

  /**
   * Gives the library a key, which it keeps until nothing refers to the result any more. Takes some
   * microseconds.
   *
   * @param key an RSA key
   * @return signs on the thread that runs the handshake; empty if the library cannot read the key
   */
  Optional<OpenSslPrivateKeyMethod> signingWith(PrivateKey key) {
    byte[] der = key.getEncoded();
    ByteBuf memory = PooledByteBufAllocator.DEFAULT.directBuffer(Long.BYTES + der.length);
    try {
      long at = memory.memoryAddress();
      memory.writeLongLE(at + Long.BYTES).writeBytes(der);
      long pointer = library.readKey(at, der.length);
      if (pointer == 0) {
        log.warn("the system's OpenSSL cannot read an RSA key: {}", library.takeError());
        return Optional.empty();
      }
      SystemOpenSslKey method =
          new SystemOpenSslKey(
              library,
              digests,
              pointer,
              ((RSAKey) key).getModulus().bitLength() / Byte.SIZE,
              signatures);
      LibCrypto freeing = library;
      CLEANER.register(method, () -> freeing.freeKey(pointer));
      return Optional.of(method);
    } finally {
      memory.setZero(0, memory.capacity()).release();
      Arrays.fill(der, (byte) 0);
    }
  }
}
