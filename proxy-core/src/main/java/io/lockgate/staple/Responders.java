package io.lockgate.staple;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which responders answer at all. One that is down costs the timeout each time it is asked; so
 * after a few failures in a row it is left alone for a while, whichever certificates ask for it.
 * Safe for use by many threads.
 */
final class Responders {
  private static final Logger LOG = LoggerFactory.getLogger(Responders.class);

  /** Failures in a row after which a responder is left alone. */
  static final int PATIENCE = 3;

  private final Map<String, Outage> outages = new HashMap<>();

  /** Until when the responder is left alone; empty where it may be asked. */
  synchronized Optional<Instant> leftAloneUntil(String address, Instant now) {
    Outage outage = outages.get(address);
    return outage != null && now.isBefore(outage.until)
        ? Optional.of(outage.until)
        : Optional.empty();
  }

  synchronized void answered(String address) {
    if (outages.remove(address) != null) {
      LOG.info("the OCSP responder {} answers again", address);
    }
  }

  /**
   * @param certificate one of those that need it
   */
  synchronized void failed(String address, String certificate, String detail, Instant now) {
    Outage outage = outages.get(address);
    if (outage == null) {
      outage = new Outage();
      outages.put(address, outage);
      LOG.warn(
          "no OCSP response from {}, for certificate \"{}\" among others: {}; responses at hand"
              + " are stapled until they end",
          address,
          certificate,
          detail);
    }
    outage.failures++;
    if (outage.failures >= PATIENCE) {
      outage.until =
          now.plus(RefreshPlan.doubled(RefreshPlan.FIRST_RETRY, outage.failures - PATIENCE));
    }
  }

  /** An operator says that they may be asked again. */
  synchronized void trustAgain() {
    outages.values().forEach(outage -> outage.until = Instant.MIN);
  }

  private static final class Outage {
    private int failures;
    private Instant until = Instant.MIN;
  }
}
