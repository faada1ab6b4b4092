package io.lockgate.config.hocon;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.BalanceConfig.HashKey;
import io.lockgate.config.model.BalanceConfig.Method;
import io.lockgate.config.model.BalanceConfig.StickyCookie;
import java.util.Locale;
import java.util.Optional;

/** Reads how the servers of an upstream are picked. */
final class BalanceReader {
  private static final Method IN_TURN = Method.Even.ROUND_ROBIN;

  private final Reading reading;

  BalanceReader(Reading reading) {
    this.reading = reading;
  }

  BalanceConfig read(String upstream, Block block) {
    Optional<Block> chosen = block.maybeBlock("balance");
    Optional<Block> sticky = chosen.flatMap(balance -> balance.maybeBlock("sticky-cookie"));
    Method method =
        chosen.isPresent()
            ? blockMethod(upstream, chosen.get())
            : block.maybeText("balance").map(BalanceReader::even).orElse(IN_TURN);
    return new BalanceConfig(
        method,
        sticky.flatMap(BalanceReader::cookie),
        block.duration("slow-start"),
        (int) block.percent("panic-threshold"),
        (int) block.percent("backup-below"));
  }

  private Method blockMethod(String upstream, Block balance) {
    Optional<Block> hash = balance.maybeBlock("hash");
    Optional<Block> sticky = balance.maybeBlock("sticky-cookie");
    if (balance.has("hash") == balance.has("sticky-cookie")) {
      reading.error(
          "contradiction",
          balance,
          "the balance of upstream \"" + upstream + "\" needs one of hash and sticky-cookie",
          "balance { hash { on = client-ip } }, or balance { sticky-cookie { name = srv } }");
    }
    if (sticky.isPresent()) {
      return even(sticky.get().text("otherwise"));
    }
    return hash.flatMap(block -> block.maybe("on", HashKey.class))
        .<Method>map(Method.Hash::new)
        .orElse(IN_TURN);
  }

  private static Method even(String word) {
    return Method.Even.valueOf(constant(word));
  }

  private static Optional<StickyCookie> cookie(Block block) {
    return block
        .maybeText("name")
        .map(
            name ->
                new StickyCookie(
                    name,
                    block.duration("ttl"),
                    block.on("secure"),
                    StickyCookie.SameSite.valueOf(constant(block.text("same-site"))),
                    block.maybeText("key").map(StickyCookie.Key::new)));
  }

  private static String constant(String word) {
    return word.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
