package io.lockgate.app;

import io.lockgate.admin.OcspView;
import io.lockgate.staple.StapleFacts;
import java.util.Optional;

/** What the inventory says of the OCSP response of a certificate that can have one. */
record StapleShown(String state, Optional<OcspView> ocsp) {
  /** Only a daemon asks responders. */
  static final StapleShown NOT_FETCHED = new StapleShown("not_fetched", Optional.empty());

  static StapleShown of(Optional<StapleFacts> facts) {
    return facts
        .map(known -> new StapleShown(known.state(), Optional.of(view(known))))
        .orElse(NOT_FETCHED);
  }

  private static OcspView view(StapleFacts facts) {
    return new OcspView(
        facts.required(),
        facts.responder(),
        facts.thisUpdate(),
        facts.nextUpdate(),
        facts.nextFetch(),
        facts.lastError());
  }
}
