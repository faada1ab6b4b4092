package io.lockgate.upstream;

import io.lockgate.config.model.BalanceConfig.HashKey;
import io.lockgate.http.FieldSection;
import java.util.OptionalLong;

/** What requests are told apart by: finds it in a request and hashes it. Immutable. */
final class RequestKey {
  private final HashKey key;
  private final CookieName cookie;

  RequestKey(HashKey key) {
    this.key = key;
    this.cookie = new CookieName(key.name());
  }

  /** Empty where the request does not have it. */
  OptionalLong hash(RequestFacts facts) {
    return switch (key.source()) {
      case CLIENT_IP -> OptionalLong.of(HashRing.hash(facts.clientAddress()));
      case HEADER -> header(facts.fields());
      case COOKIE -> cookie.find(facts.fields()).map(RequestKey::hash).orElse(OptionalLong.empty());
    };
  }

  private OptionalLong header(FieldSection fields) {
    int index = fields.find(key.name());
    if (index < 0) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        HashRing.hash(fields.bytes(), fields.valueStart(index), fields.valueEnd(index)));
  }

  private static OptionalLong hash(String value) {
    return OptionalLong.of(HashRing.hash(value));
  }
}
