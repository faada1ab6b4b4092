package io.lockgate.config.hocon;

import io.lockgate.config.model.PathTemplate;
import io.lockgate.config.model.RouteConfig.Match;
import io.lockgate.config.model.RouteConfig.Rewrite;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code rewrite} of a route. */
final class RewriteReader {
  private final Reading reading;
  private final String host;

  RewriteReader(Reading reading, String host) {
    this.reading = reading;
    this.host = host;
  }

  /**
   * @param match of the route; its expression counts where the block has none
   */
  Optional<Rewrite> read(Block route, Optional<Match> match) {
    Optional<Block> written = route.maybeBlock("rewrite");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Block rewrite = written.get();
    if (route.has("strip-prefix")) {
      reading.error(
          "conflicting-keys",
          rewrite.place().path(),
          rewrite.origin(),
          sentence("rewrite and strip-prefix both change the path"),
          "let the expression of the rewrite match the prefix as well");
    }
    Optional<String> regex = regex(rewrite, match);
    Optional<PathTemplate> to = rewrite.maybe("to", PathTemplate.class);
    if (regex.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    int groups = Pattern.compile(regex.get()).matcher("").groupCount();
    if (to.get().highestGroup() > groups) {
      reading.error(
          "bad-rewrite",
          rewrite.pathOf("to"),
          rewrite.originOf("to"),
          sentence("the path asks for group " + to.get().highestGroup()),
          groups == 0
              ? "the expression has no group; put what is to be kept in ( )"
              : "the expression has " + groups);
    }
    return Optional.of(new Rewrite(regex.get(), to.get()));
  }

  private Optional<String> regex(Block rewrite, Optional<Match> match) {
    if (rewrite.has("regex")) {
      return rewrite.maybeText("regex");
    }
    if (match.isPresent() && match.get() instanceof Match.Regex regex) {
      return Optional.of(regex.pattern());
    }
    reading.error(
        "missing-key",
        rewrite.pathOf("regex"),
        rewrite.origin(),
        sentence("rewrite does not say which paths it is for"),
        "give it a regex, or match the route itself by regex");
    return Optional.empty();
  }

  private String sentence(String what) {
    return "a route of host \"" + host + "\": " + what;
  }
}
