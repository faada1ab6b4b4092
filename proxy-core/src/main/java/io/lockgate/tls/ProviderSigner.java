package io.lockgate.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Signs with a key of one of the JVM's security providers, on threads of its own. */
public final class ProviderSigner implements KeySigner {
  private final PrivateKey key;
  private final Executor threads;

  /**
   * @param threads that may be held as long as the provider takes
   */
  public ProviderSigner(PrivateKey key, Executor threads) {
    this.key = key;
    this.threads = threads;
  }

  @Override
  public CompletionStage<byte[]> sign(int scheme, byte[] message) {
    try {
      return CompletableFuture.supplyAsync(() -> signed(scheme, message), threads);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private byte[] signed(int scheme, byte[] message) {
    try {
      Signature signature = signature(scheme);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new CompletionException(e);
    }
  }

  private static Signature signature(int scheme) throws GeneralSecurityException {
    return switch (scheme) {
      case 0x0401 -> Signature.getInstance("SHA256withRSA");
      case 0x0501 -> Signature.getInstance("SHA384withRSA");
      case 0x0601 -> Signature.getInstance("SHA512withRSA");
      case 0x0403 -> Signature.getInstance("SHA256withECDSA");
      case 0x0503 -> Signature.getInstance("SHA384withECDSA");
      case 0x0603 -> Signature.getInstance("SHA512withECDSA");
      case 0x0804 -> pss("SHA-256", MGF1ParameterSpec.SHA256, 32);
      case 0x0805 -> pss("SHA-384", MGF1ParameterSpec.SHA384, 48);
      case 0x0806 -> pss("SHA-512", MGF1ParameterSpec.SHA512, 64);
      case 0x0807 -> Signature.getInstance("Ed25519");
      default -> throw new GeneralSecurityException("signature scheme %04x".formatted(scheme));
    };
  }

  /** The salt is as long as the hash (RFC 8446 section 4.2.3). */
  private static Signature pss(String hash, AlgorithmParameterSpec mask, int saltBytes)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(
        new PSSParameterSpec(hash, "MGF1", mask, saltBytes, PSSParameterSpec.TRAILER_FIELD_BC));
    return signature;
  }
}
