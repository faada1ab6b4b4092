package io.lockgate.tls;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a {@link TlsListener} was told, and lets tests wait for it. */
public final class RecordingTlsListener implements TlsListener {

  /** A handshake that failed. */
  public record Failed(String host, HandshakeFailure failure, String detail) {}

  /** A full handshake whose client asked for an OCSP response. */
  public record Stapled(String certificate, StapleResult result) {}

  public final BlockingQueue<Stapled> stapled = new LinkedBlockingQueue<>();
  public final BlockingQueue<TlsFacts> succeeded = new LinkedBlockingQueue<>();
  public final BlockingQueue<Failed> failed = new LinkedBlockingQueue<>();
  public final BlockingQueue<String> signed = new LinkedBlockingQueue<>();
  public final BlockingQueue<How> closed = new LinkedBlockingQueue<>();

  @Override
  public void handshakeSucceeded(String listener, TlsFacts facts, long nanos) {
    succeeded.add(facts);
  }

  @Override
  public void handshakeSigned(String algorithm) {
    signed.add(algorithm);
  }

  @Override
  public void stapled(String certificate, StapleResult result) {
    stapled.add(new Stapled(certificate, result));
  }

  @Override
  public void handshakeFailed(FailedHandshake told) {
    failed.add(new Failed(told.host(), told.failure(), told.detail()));
  }

  @Override
  public void closed(Side side, How how) {
    closed.add(how);
  }

  /** The next thing that was told; waits for it, but not for ever. */
  public static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T told = queue.poll(10, TimeUnit.SECONDS);
    if (told == null) {
      throw new AssertionError("nothing was told in 10 seconds");
    }
    return told;
  }
}
