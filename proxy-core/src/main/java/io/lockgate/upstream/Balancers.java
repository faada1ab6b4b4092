package io.lockgate.upstream;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.BalanceConfig.Method;
import java.util.Optional;
import java.util.SplittableRandom;

/** From what an operator asked for to what does it. */
final class Balancers {
  private Balancers() {}

  /**
   * @param cookies where clients come back to the server they had
   */
  static Balancer of(
      BalanceConfig config, SplittableRandom random, Optional<StickyCookies> cookies) {
    Balancer balancer = of(config.method(), random);
    return cookies.<Balancer>map(its -> new BySticky(its, balancer)).orElse(balancer);
  }

  private static Balancer of(Method method, SplittableRandom random) {
    if (method instanceof Method.Hash hash) {
      return new ByHash(new RequestKey(hash.on()), new InTurn());
    }
    return switch ((Method.Even) method) {
      case ROUND_ROBIN -> new InTurn();
      case LEAST_REQUESTS -> new LeastRequests(new AtRandom(random));
      case RANDOM -> new AtRandom(random);
    };
  }
}
