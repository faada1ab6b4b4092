package io.lockgate.trace;

import io.lockgate.json.JsonOctets;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts documents to a collector, one after the other and over one connection as long as it lasts.
 * On the exporter's thread.
 */
final class CollectorClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CollectorClient.class);

  /** Of a kept connection: it is of no use any more, and its last post was not taken. */
  private static final int GONE = 0;

  private static final int REQUEST_TIMEOUT = 408;

  private final String version;
  private final Duration timeout;
  private CollectorConnection kept;
  private URI keptFor;

  /**
   * @param version of the build, which collectors are told
   * @param timeout of a post, from its beginning to the end of the answer
   */
  CollectorClient(String version, Duration timeout) {
    this.version = version;
    this.timeout = timeout;
  }

  /**
   * Posts a document. A kept connection on which nothing comes back has been closed by the
   * collector meanwhile, so the document is sent again on a new one: spans have ids, and to take
   * one twice does no harm (RFC 9110 section 9.2.2).
   *
   * @return the status of the answer, which has come to its end
   * @throws SocketTimeoutException if there is none in time
   */
  int post(URI endpoint, JsonOctets document) throws IOException {
    byte[] head = CollectorConnection.head(endpoint, version, document.length());
    long deadline = System.nanoTime() + timeout.toNanos();
    if (kept != null && endpoint.equals(keptFor)) {
      CollectorConnection connection = kept;
      try {
        int status = within(deadline, connection, () -> again(connection, head, document));
        if (status != GONE) {
          return status;
        }
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        if (connection.answered()) {
          throw e;
        }
      }
    }
    close();
    CollectorConnection fresh = new CollectorConnection();
    return within(
        deadline,
        fresh,
        () -> {
          fresh.open(endpoint);
          kept = fresh;
          keptFor = endpoint;
          return exchange(fresh, head, document);
        });
  }

  /** What came meanwhile without a question is no answer to this one. */
  private int again(CollectorConnection connection, byte[] head, JsonOctets document)
      throws IOException {
    if (connection.hasSurplus()) {
      return GONE;
    }
    int status = exchange(connection, head, document);
    return status == REQUEST_TIMEOUT ? GONE : status;
  }

  private int exchange(CollectorConnection connection, byte[] head, JsonOctets document)
      throws IOException {
    int status = connection.exchange(head, document.octets(), document.length());
    if (!connection.lasting()) {
      close();
    }
    return status;
  }

  /** A blocked write has no timeout of its own, so the connection is closed under it. */
  private int within(long deadline, CollectorConnection connection, Step step) throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    CompletableFuture<Void> alarm = new CompletableFuture<>();
    CompletableFuture<Void> closing =
        alarm
            .orTimeout(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
            .exceptionally(
                timedOut -> {
                  late.set(true);
                  end(connection);
                  return null;
                });
    try {
      return step.run();
    } catch (RuntimeException e) {
      close();
      end(connection);
      throw e;
    } catch (IOException e) {
      close();
      end(connection);
      if (late.get()) {
        throw (IOException) new SocketTimeoutException("no answer in time").initCause(e);
      }
      throw e;
    } finally {
      alarm.complete(null);
      closing.join();
    }
  }

  private static void end(CollectorConnection connection) {
    try {
      connection.close();
    } catch (IOException e) {
      LOG.debug("closing a connection to a collector", e);
    }
  }

  @Override
  public void close() {
    if (kept != null) {
      end(kept);
      kept = null;
    }
  }

  @FunctionalInterface
  private interface Step {
    int run() throws IOException;
  }
}
