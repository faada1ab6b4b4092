package io.lockgate.config.hocon;

import io.lockgate.config.model.Origin;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Finds hosts that are written out twice, in one file or in two, and blocks of a list with no comma
 * between. HOCON takes the later of two equal keys and forgets the earlier, so the tree no longer
 * knows; and of all keys it is hosts and routes that must not get lost that way. Looks at the text,
 * for a quoted name that opens a block.
 */
final class HostDefinitions {
  private final Set<Path> scanned = new HashSet<>();
  private final Map<String, Origin> first = new HashMap<>();
  private final Map<Origin, String> again = new LinkedHashMap<>();

  /** Looks at a file; what has been looked at before is included twice on purpose. */
  void scan(Path file, String text, Reading reading) {
    if (scanned.add(file)) {
      TextScan.over(text, new Notes(file, reading));
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

  /** What a file tells. */
  private final class Notes implements TextScan.Found {
    private final Path file;
    private final Reading reading;

    Notes(Path file, Reading reading) {
      this.file = file;
      this.reading = reading;
    }

    @Override
    public void namedBlock(String name, int line) {
      Origin origin = new Origin(file.toString(), line);
      if (first.putIfAbsent(name, origin) != null) {
        again.put(origin, name);
      }
    }

    @Override
    public void blockWithoutComma(int line) {
      reading.error(
          "missing-comma",
          "",
          new Origin(file.toString(), line),
          "two blocks of a list stand side by side, and would be merged into one",
          "put a comma or a line break between them");
    }
  }
}
