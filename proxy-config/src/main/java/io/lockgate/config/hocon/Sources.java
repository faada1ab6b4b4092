package io.lockgate.config.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.lockgate.config.model.Origin;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files of a configuration, put together into one tree: the main file, what it includes, and
 * what {@code include-files} adds. A file that cannot be read is reported and left out, so that the
 * others are checked in the same run.
 *
 * <p>Never looks at the class path, at URLs, at system properties or at the process's environment:
 * what a configuration says depends on its files and the given environment alone.
 */
final class Sources {
  private static final int DEEPEST = 50;
  private static final String VARIABLE = "environment variable ";

  private final Reading reading;
  private final Deque<Path> open = new ArrayDeque<>();

  Sources(Reading reading) {
    this.reading = reading;
  }

  /** The tree with substitutions made as far as they can be; empty if there is nothing to check. */
  Optional<ConfigObject> load() {
    Path main = reading.mainFile();
    Optional<Config> config = parse(main, new Origin(main.toString(), 0));
    if (config.isEmpty()) {
      return Optional.empty();
    }
    Config all = config.get();
    for (Config more : includeFiles(all)) {
      all = more.withFallback(all);
    }
    return resolve(all.withFallback(environment())).map(Config::root);
  }

  /**
   * The environment as if it stood behind the files. The library's own ways to look variables up
   * either see the process's environment or fail in included files.
   */
  private Config environment() {
    Map<String, ConfigValue> variables = new HashMap<>();
    reading
        .environment()
        .forEach(
            (name, value) ->
                variables.put(name, ConfigValueFactory.fromAnyRef(value, VARIABLE + name)));
    variables.remove(ConfigReader.ROOT_KEY);
    return ConfigValueFactory.fromMap(variables).toConfig();
  }

  static boolean isVariable(ConfigValue value) {
    return value.origin().description().startsWith(VARIABLE);
  }

  private Optional<Config> parse(Path file, Origin namedAt) {
    Path real = file.toAbsolutePath().normalize();
    if (open.contains(real) || open.size() > DEEPEST) {
      lost("include-cycle", namedAt, file + " includes itself", "take one of the includes out");
      return Optional.empty();
    }
    if (!Files.exists(file)) {
      lost("missing-file", namedAt, "the file " + file + " does not exist", "");
      return Optional.empty();
    }
    if (Files.isDirectory(file) || !Files.isReadable(file)) {
      lost("unreadable-file", namedAt, "the file " + file + " cannot be read", "");
      return Optional.empty();
    }
    open.push(real);
    try {
      String text = Files.readString(file);
      reading.read(file, text);
      reading.hostDefinitions().scan(file, text, reading);
      return Optional.of(ConfigFactory.parseFile(file.toFile(), options(file)));
    } catch (IOException e) {
      lost("unreadable-file", namedAt, "the file " + file + " cannot be read as UTF-8 text", "");
      return Optional.empty();
    } catch (ConfigException e) {
      reportSyntax(e, file);
      return Optional.empty();
    } finally {
      open.pop();
    }
  }

  private ConfigParseOptions options(Path file) {
    return ConfigParseOptions.defaults()
        .setSyntax(ConfigSyntax.CONF)
        .setAllowMissing(false)
        .setIncluder(new FileIncluder(file));
  }

  private void lost(String code, Origin origin, String message, String hint) {
    reading.lostAFile();
    reading.error(code, "", origin, message, hint);
  }

  private void reportSyntax(ConfigException e, Path file) {
    ConfigOrigin origin = e.origin();
    int line = origin == null ? 0 : Math.min(Math.max(0, origin.lineNumber()), linesIn(file));
    String message = e.getMessage();
    if (origin != null && message.startsWith(origin.description() + ": ")) {
      message = message.substring(origin.description().length() + 2);
    }
    message = message.replace("a close parentheses ')'", "a closing brace '}'");
    // The library explains at length how to quote; its first sentence says what is wrong.
    int aside = message.indexOf(" (if you ");
    String hint = "";
    if (message.startsWith("Cannot concatenate")) {
      message = "a word and a block or list stand side by side as if they were one value";
      hint = "put a comma or a line break between two keys; quote text that holds brackets";
    } else if (aside > 0) {
      hint = message.substring(aside + 2).replaceAll("\\)$", "");
      message = message.substring(0, aside);
    }
    lost("syntax", new Origin(file.toString(), line), message, hint);
  }

  /** What is missing at the end of a file is said to be missing on the line after it. */
  private static int linesIn(Path file) {
    try {
      return (int) Math.max(1, Files.readString(file).lines().count());
    } catch (IOException e) {
      return 0;
    }
  }

  private List<Config> includeFiles(Config main) {
    List<Config> more = new ArrayList<>();
    for (ConfigValue pattern : includePatterns(main)) {
      if (pattern.valueType() != ConfigValueType.STRING) {
        continue; // The walk reports the type.
      }
      Origin origin = new SchemaWalk(reading).originOf(pattern);
      for (Path file : matching((String) pattern.unwrapped(), origin)) {
        parse(file, origin).ifPresent(more::add);
      }
    }
    return more;
  }

  private static List<ConfigValue> includePatterns(Config main) {
    try {
      Config known = main.resolve(ConfigResolveOptions.noSystem().setAllowUnresolved(true));
      return known.root().get("lockgate") instanceof ConfigObject lockgate
              && lockgate.get("include-files") instanceof ConfigList list
          ? List.copyOf(list)
          : List.of();
    } catch (ConfigException e) {
      return List.of(); // Whatever it is, resolving the whole reports it.
    }
  }

  private List<Path> matching(String pattern, Origin origin) {
    try {
      Path whole = reading.displayed(pattern, origin);
      Path folder = whole.getParent();
      String name = whole.getFileName().toString();
      if (!name.matches(".*[*?\\[{].*")) {
        return List.of(whole);
      }
      if (!Files.isDirectory(folder)) {
        lost("missing-file", origin, "the directory " + folder + " does not exist", "");
        return List.of();
      }
      List<Path> files = filesOf(folder, name);
      reading.listed(folder, name, files);
      return files;
    } catch (IOException | DirectoryIteratorException | IllegalArgumentException e) {
      lost(
          "unreadable-file",
          origin,
          "files matching " + Quoted.inMessage(pattern) + " cannot be listed",
          e instanceof InvalidPathException ? "not a path" : "");
      return List.of();
    }
  }

  /** The files of a folder that match a pattern, in the order of their names. */
  static List<Path> filesOf(Path folder, String pattern) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
      entries.forEach(files::add);
    }
    files.sort(null);
    return files;
  }

  private Optional<Config> resolve(Config config) {
    try {
      return Optional.of(config.resolve(ConfigResolveOptions.noSystem().setAllowUnresolved(true)));
    } catch (ConfigException e) {
      Path file = reading.mainFile();
      if (e.origin() != null && e.origin().filename() != null) {
        file = Path.of(e.origin().filename());
      }
      reportSyntax(e, file);
      return Optional.empty();
    }
  }

  /** Makes every include required and relative to the file that names it. */
  private final class FileIncluder
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private final Path including;

    FileIncluder(Path including) {
      this.including = including;
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this; // The library's own includer would search the class path.
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      Origin origin = lineOf(what);
      try {
        return parse(including.resolveSibling(what), origin)
            .map(Config::root)
            .orElseGet(() -> ConfigFactory.empty().root());
      } catch (InvalidPathException e) {
        lost("missing-file", origin, Quoted.inMessage(what) + " is not a path", "");
        return ConfigFactory.empty().root();
      }
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      return include(context, what.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      return refuse(what.toString());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      return refuse(what);
    }

    private ConfigObject refuse(String what) {
      lost(
          "bad-include",
          lineOf(what),
          Quoted.inMessage(what) + " is not a file",
          "only files can be included: include \"routes.conf\"");
      return ConfigFactory.empty().root();
    }

    /** The library does not say where an include stands. */
    private Origin lineOf(String what) {
      Pattern include = Pattern.compile("\\binclude\\b.*" + Pattern.quote(what));
      try {
        List<String> lines =
            new String(Files.readAllBytes(including), StandardCharsets.UTF_8).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
          String line = lines.get(i);
          if (!line.stripLeading().startsWith("#") && include.matcher(line).find()) {
            return new Origin(including.toString(), i + 1);
          }
        }
      } catch (IOException e) {
        // Parsed a moment ago; if it is gone now, the file's name has to do.
      }
      return new Origin(including.toString(), 0);
    }
  }
}
