package io.lockgate.config.hocon;

import io.lockgate.config.model.Origin;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds hosts that are written out twice, in one file or in two. HOCON takes the later of two equal
 * keys and forgets the earlier, so the tree no longer knows; and of all keys it is the host that
 * must not get lost that way. Looks at the text, for a quoted name that opens a block.
 */
final class HostDefinitions {
  private static final Pattern TOKEN =
      Pattern.compile(
          "#[^\n]*|//[^\n]*"
              + "|\"\"\"[\\s\\S]*?\"\"\""
              + "|\"((?:[^\"\\\\\n]++|\\\\.)*+)\"(\\s*+[:=]?\\s*+\\{)?");

  private final Set<Path> scanned = new HashSet<>();
  private final Map<String, Origin> first = new HashMap<>();
  private final Map<Origin, String> again = new LinkedHashMap<>();

  void scan(Path file, String text) {
    if (!scanned.add(file)) {
      return; // Included twice on purpose.
    }
    Matcher matcher = TOKEN.matcher(text);
    int line = 1;
    int counted = 0;
    while (matcher.find()) {
      if (matcher.group(2) == null) {
        continue;
      }
      for (; counted < matcher.start(); counted++) {
        line += text.charAt(counted) == '\n' ? 1 : 0;
      }
      Origin origin = new Origin(file.toString(), line);
      if (first.putIfAbsent(matcher.group(1), origin) != null) {
        again.put(origin, matcher.group(1));
      }
    }
  }

  void report(Reading reading, Set<String> hosts) {
    again.forEach(
        (origin, name) -> {
          if (hosts.contains(name)) {
            reading.error(
                "duplicate-host",
                "hosts." + Quoted.quote(name),
                origin,
                "host \"" + name + "\" is written twice",
                "the other one is here" + Reading.where(first.get(name)) + "; keep one of them");
          }
        });
  }
}
