package io.lockgate.pki.ocsp;

import io.lockgate.pki.Identity;
import io.lockgate.pki.ocsp.ResponderClient.RefusedException;
import io.lockgate.pki.ocsp.StatusAnswer.Failure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The status of certificates as their responders tell it. */
public final class ResponderStatus implements StatusSource {
  private static final Logger LOG = LoggerFactory.getLogger(ResponderStatus.class);

  private final ResponderClient client = new ResponderClient();
  private final Clock clock;

  /** A disk that is full fails thousands of times; it is told of once until it works again. */
  private final AtomicBoolean unwritable = new AtomicBoolean();

  /** Of the process before, by identity; each is asked for once. */
  private final Map<String, byte[]> handedOver;

  public ResponderStatus(Clock clock) {
    this(clock, Map.of());
  }

  /**
   * @param handedOver responses by the digest of their identity, which another process has fetched;
   *     forgotten once the first generation serves
   */
  public ResponderStatus(Clock clock, Map<String, byte[]> handedOver) {
    this.clock = clock;
    this.handedOver = new ConcurrentHashMap<>(handedOver);
  }

  @Override
  public StatusAnswer ask(Identity identity, Duration timeout) {
    Optional<String> address = identity.ocspAddress();
    try {
      Optional<StatusQuestion> question = StatusQuestion.about(identity);
      if (question.isEmpty() || address.isEmpty()) {
        return new StatusAnswer.Failed(
            Failure.UNASKABLE,
            address.isEmpty()
                ? "the certificate names no responder"
                : "the chain file lacks the issuer's certificate: append it");
      }
      byte[] request = question.get().encoded();
      byte[] response = client.ask(URI.create(address.get()), request, timeout);
      return new ResponseCheck(clock).verify(response, question.get());
    } catch (RefusedException e) {
      return new StatusAnswer.Failed(Failure.REFUSED, e.getMessage());
    } catch (IOException e) {
      return new StatusAnswer.Failed(
          Failure.UNREACHABLE, "the responder cannot be reached: " + e.getMessage());
    } catch (GeneralSecurityException | RuntimeException e) {
      return new StatusAnswer.Failed(
          Failure.UNASKABLE, "the question cannot be put: " + e.getMessage());
    }
  }

  @Override
  public Optional<StatusResponse> kept(Path directory, Identity identity) {
    try {
      Optional<byte[]> bytes = Optional.ofNullable(handedOver.remove(identity.digest()));
      if (bytes.isEmpty()) {
        bytes = new ResponseCache(directory).read(identity.digest());
      }
      Optional<StatusQuestion> question =
          bytes.isEmpty() ? Optional.empty() : StatusQuestion.about(identity);
      return question.isPresent()
              && new ResponseCheck(clock).verify(bytes.get(), question.get())
                  instanceof StatusAnswer.Verified verified
          ? Optional.of(verified.response())
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      LOG.debug("no OCSP response was read from {}", directory, e);
      return Optional.empty();
    }
  }

  @Override
  public void keep(Path directory, Identity identity, StatusResponse response) {
    try {
      new ResponseCache(directory).write(identity.digest(), response.encoded());
      unwritable.set(false);
    } catch (IOException | RuntimeException e) {
      if (unwritable.compareAndSet(false, true)) {
        LOG.warn(
            "OCSP responses cannot be kept in {}, which costs a fetch after a restart: {}",
            directory,
            e.toString());
      }
    }
  }

  @Override
  public void retain(Path directory, Set<String> identityDigests) {
    handedOver.clear();
    try {
      new ResponseCache(directory).retain(identityDigests);
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} could not be tidied", directory, e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
