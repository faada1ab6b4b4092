package io.lockgate.staple;

import io.lockgate.pki.Identity;
import io.lockgate.pki.ocsp.CertificateStatus;
import io.lockgate.pki.ocsp.StatusResponse;
import io.lockgate.tls.Staple;
import io.lockgate.tls.StapleSlot;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An identity whose OCSP response is looked after. Guarded by itself; only the slot is seen by
 * event loops.
 */
final class StapledIdentity {
  private static final Logger LOG = LoggerFactory.getLogger(StapledIdentity.class);

  private final Identity identity;
  private final LogAllowance allowance;
  private final StapleSlot slot = StapleSlot.empty();

  /** How the generation that serves counts and demands it. */
  private String certificate;

  private boolean required;

  private Optional<StatusResponse> response = Optional.empty();
  private boolean expired;
  private int failures;
  private Optional<Instant> nextFetch = Optional.empty();
  private String lastError = "";
  private Optional<CompletableFuture<Boolean>> fetching = Optional.empty();
  private boolean outageTold;

  StapledIdentity(Identity identity, String certificate, boolean required, LogAllowance allowance) {
    this.identity = identity;
    this.allowance = allowance;
    this.certificate = certificate;
    this.required = required;
  }

  Identity identity() {
    return identity;
  }

  StapleSlot slot() {
    return slot;
  }

  String responder() {
    return identity.ocspAddress().orElse("");
  }

  synchronized String certificate() {
    return certificate;
  }

  /** Another generation serves it, perhaps under another name and with another demand. */
  synchronized void servedAs(Staple staple) {
    certificate = staple.certificate();
    required = staple.required();
    tellOutage();
  }

  // ---- fetching

  /** Begins a fetch; empty where one is under way. */
  synchronized Optional<CompletableFuture<Boolean>> begin() {
    if (fetching.isPresent()) {
      return Optional.empty();
    }
    fetching = Optional.of(new CompletableFuture<>());
    return fetching;
  }

  /** The fetch under way; false once it failed. */
  synchronized Optional<CompletableFuture<Boolean>> underWay() {
    return fetching;
  }

  synchronized boolean fetchDue(Instant now) {
    return fetching.isEmpty() && nextFetch.isPresent() && !nextFetch.get().isAfter(now);
  }

  /** A response that can be believed, from the disk or from the responder. */
  synchronized void found(StatusResponse found, Instant next) {
    failures = 0;
    lastError = "";
    nextFetch = Optional.of(next);
    // An older one may come from a cache on the way, or from somebody who hides a revocation.
    if (response.isEmpty() || !found.thisUpdate().isBefore(response.get().thisUpdate())) {
      tellRevocation(found);
      response = Optional.of(found);
      expired = false;
      slot.put(found.encoded());
      tellEndOfOutage();
    }
  }

  /** Answers how many failures there have been in a row, this one included. */
  synchronized int failed(String detail) {
    lastError = detail;
    failures++;
    return failures;
  }

  synchronized void tryAgainAt(Instant next) {
    nextFetch = Optional.of(next);
    tellOutage();
  }

  /** The fetch is over. */
  void ended(boolean good) {
    Optional<CompletableFuture<Boolean>> over;
    synchronized (this) {
      over = fetching;
      fetching = Optional.empty();
    }
    over.ifPresent(future -> future.complete(good));
  }

  // ---- time

  /** Drops a response whose time has ended. */
  synchronized void expire(Instant now) {
    if (response.isPresent() && !expired && !response.get().nextUpdate().isAfter(now)) {
      expired = true;
      slot.expire();
      LOG.debug("the OCSP response of certificate \"{}\" has ended", certificate);
      tellOutage();
    }
  }

  synchronized Optional<Instant> nextFetch() {
    return nextFetch;
  }

  /** When the response in use ends; empty where none is in use. */
  synchronized Optional<Instant> inUseUntil() {
    return expired ? Optional.empty() : response.map(StatusResponse::nextUpdate);
  }

  synchronized Optional<StatusResponse> inUse() {
    return expired ? Optional.empty() : response;
  }

  /** Whether it is not served for want of a response. */
  synchronized boolean held() {
    return required && (response.isEmpty() || expired);
  }

  synchronized StapleFacts facts() {
    return new StapleFacts(
        state(),
        required,
        responder(),
        response.map(StatusResponse::thisUpdate),
        response.map(StatusResponse::nextUpdate),
        nextFetch,
        lastError);
  }

  private String state() {
    if (expired) {
      return "stale";
    }
    return response.map(StatusResponse::status).map(CertificateStatus::label).orElse("missing");
  }

  // ---- what operators must hear

  private void tellRevocation(StatusResponse found) {
    if (found.status() == CertificateStatus.REVOKED
        && response.map(r -> r.status() != CertificateStatus.REVOKED).orElse(true)) {
      error(
          "certificate \"{}\" is REVOKED, says its OCSP responder {}; the response is stapled, and"
              + " clients will refuse the certificate: replace it",
          certificate,
          responder());
    }
  }

  private void tellOutage() {
    if (held() && !outageTold) {
      outageTold = true;
      error(
          "certificate \"{}\" is not served: it must not be without an OCSP response, and there is"
              + " no valid one: {}",
          certificate,
          lastError.isEmpty() ? "none was fetched yet" : lastError);
    }
  }

  private void tellEndOfOutage() {
    if (outageTold) {
      outageTold = false;
      if (allowance.permits()) {
        LOG.info("certificate \"{}\" has an OCSP response and is served again", certificate);
      }
    }
  }

  private void error(String message, Object... arguments) {
    if (allowance.permits()) {
      LOG.error(message, arguments);
    }
  }
}
