package io.lockgate.pki.ocsp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Puts a question to a responder over HTTP (RFC 6960 appendix A.1). Blocks for at most the timeout
 * and reads no more than a bound, however slowly and however much the responder sends; follows no
 * redirect.
 *
 * <p>By {@link HttpURLConnection}: the first request by {@code java.net.http} takes half a second
 * of processor time, this one a twentieth of that, and it stands between the daemon and its start.
 */
final class ResponderClient implements AutoCloseable {
  /** Real responses have one or two KiB. */
  static final int LONGEST_RESPONSE = 64 * 1024;

  private final ScheduledExecutorService watch;

  ResponderClient() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "lockgate-ocsp-watch");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    watch = executor;
  }

  /**
   * @throws RefusedException where the responder answers with another status than 200
   * @throws IOException where it cannot be reached, or does not answer in time
   */
  byte[] ask(URI responder, byte[] request, Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    HttpURLConnection connection = (HttpURLConnection) responder.toURL().openConnection();
    int timeoutMillis = (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE));
    connection.setConnectTimeout(timeoutMillis);
    connection.setReadTimeout(timeoutMillis);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Content-Type", "application/ocsp-request");
    connection.setRequestProperty("Accept", "application/ocsp-response");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(request.length);
    // The read timeout is for each single read; a header that drips would never run into it.
    ScheduledFuture<?> overdue =
        watch.schedule(connection::disconnect, timeoutMillis, TimeUnit.MILLISECONDS);
    int status;
    try {
      try (OutputStream out = connection.getOutputStream()) {
        out.write(request);
      }
      status = connection.getResponseCode();
    } finally {
      overdue.cancel(false);
    }
    if (status != HttpURLConnection.HTTP_OK) {
      connection.disconnect();
      throw new RefusedException(
          status < 0 ? "no HTTP response" : "the responder answers with HTTP status " + status);
    }
    return content(connection, deadline);
  }

  private static byte[] content(HttpURLConnection connection, long deadline) throws IOException {
    byte[] content = new byte[LONGEST_RESPONSE + 1];
    int length = 0;
    try (InputStream in = connection.getInputStream()) {
      int read;
      while ((read = in.read(content, length, content.length - length)) > 0) {
        length += read;
        if (length > LONGEST_RESPONSE) {
          connection.disconnect();
          throw new RefusedException("the response is longer than " + LONGEST_RESPONSE + " bytes");
        }
        if (System.nanoTime() - deadline > 0) {
          connection.disconnect();
          throw new SocketTimeoutException("the response comes too slowly");
        }
      }
    }
    return java.util.Arrays.copyOf(content, length);
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }

  /** The responder is there, but its answer is of no use. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }
}
