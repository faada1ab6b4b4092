package io.lockgate.config.hocon;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The one list of what is known and documented but not built yet. Whoever builds something takes
 * its line out.
 */
final class Refusals {
  private static final Predicate<Node> WRITTEN = Node::written;

  /** By the pattern of the key's path: which values cannot be had yet. */
  private static final Map<String, Predicate<Node>> NOT_YET =
      Map.ofEntries(
          entry("listeners.*.protocols.*", anyOf("h3")),
          entry("certificates.*.acme", WRITTEN),
          entry("certificates.*.key", Refusals::isPkcs11));

  private static final Set<String> LAST_OF_PATTERNS =
      NOT_YET.keySet().stream()
          .map(pattern -> pattern.substring(pattern.lastIndexOf('.') + 1))
          .collect(Collectors.toUnmodifiableSet());

  private Refusals() {}

  /** Whether the key cannot be used at all yet, whatever stands under it. */
  static boolean isWhollyRefused(String pattern) {
    return NOT_YET.get(pattern) == WRITTEN;
  }

  static void check(Node node, Reading reading) {
    if (!LAST_OF_PATTERNS.contains(node.place().lastOfPattern())) {
      return; // Asked of every value of a configuration, so the whole pattern is made seldom.
    }
    Predicate<Node> refused = NOT_YET.get(node.place().pattern());
    if (refused != null && refused.test(node)) {
      String value = node instanceof Node.Leaf leaf ? " = " + Quoted.asWritten(leaf.text()) : "";
      reading.error(
          "not-yet-supported",
          node,
          node.place().path() + value + ": this version of Lockgate cannot do this yet",
          "take it out; the name is reserved for a version to come");
    }
  }

  private static Predicate<Node> anyOf(String... texts) {
    return node -> node instanceof Node.Leaf leaf && Set.of(texts).contains(leaf.text());
  }

  private static boolean isPkcs11(Node node) {
    return node instanceof Node.Leaf leaf && leaf.text().startsWith("pkcs11:");
  }
}
