package io.lockgate.tls;

import io.netty.handler.ssl.OpenSslAsyncPrivateKeyMethod;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import javax.net.ssl.SSLEngine;

/**
 * Has a {@link KeySigner} sign what the native library asks for. The engine must be made with the
 * workers as its executor: answered on another thread, Netty loses the answer of a task that an
 * event loop began.
 */
final class SigningElsewhere implements OpenSslAsyncPrivateKeyMethod {
  private final KeySigner signer;

  SigningElsewhere(KeySigner signer) {
    this.signer = signer;
  }

  @Override
  public Future<byte[]> sign(SSLEngine engine, int scheme, byte[] message) {
    Promise<byte[]> signature = ImmediateEventExecutor.INSTANCE.newPromise();
    signer
        .sign(scheme, message)
        .whenComplete(
            (signed, failure) -> {
              if (failure == null) {
                signature.setSuccess(signed);
              } else {
                signature.setFailure(failure);
              }
            });
    return signature;
  }

  /** Key exchange by RSA decryption is not served. */
  @Override
  public Future<byte[]> decrypt(SSLEngine engine, byte[] input) {
    return ImmediateEventExecutor.INSTANCE.newFailedFuture(
        new UnsupportedOperationException("no key exchange by RSA"));
  }
}
