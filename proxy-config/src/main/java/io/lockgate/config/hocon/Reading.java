package io.lockgate.config.hocon;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig.Origins;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one reading knows and has found so far. One instance a run, on one thread; nothing of it
 * outlives the run but what it gives out.
 */
final class Reading {
  private static final int NAMES_LISTED = 8;

  private final Path mainFile;
  private final Map<String, String> environment;
  private final Problems problems = new Problems();
  private final Map<String, Origin> otherPlaces = new HashMap<>();
  private final Map<String, String> hostNames = new HashMap<>();
  private final Map<String, String> derived = new HashMap<>();
  private final HostDefinitions hostDefinitions = new HostDefinitions();
  private final Set<ReadFiles.Content> files = new LinkedHashSet<>();
  private final Set<ReadFiles.Listing> listings = new LinkedHashSet<>();
  private boolean whole = true;

  Reading(Path mainFile, Map<String, String> environment) {
    this.mainFile = mainFile;
    this.environment = environment;
  }

  Path mainFile() {
    return mainFile;
  }

  /** Notes what this reading rests on. */
  void read(Path file, String text) {
    files.add(new ReadFiles.Content(file, ReadFiles.digest(text)));
  }

  void listed(Path folder, String pattern, List<Path> found) {
    listings.add(new ReadFiles.Listing(folder, pattern, found));
  }

  ReadFiles readFiles() {
    return new ReadFiles(files, listings);
  }

  HostDefinitions hostDefinitions() {
    return hostDefinitions;
  }

  /** For what is wrong with the configuration as a whole. */
  Origin start() {
    return new Origin(mainFile.toString(), 1);
  }

  Map<String, String> environment() {
    return environment;
  }

  void error(String code, String path, Origin origin, String message, String hint) {
    problems.error(code, path, origin, message, hint);
  }

  void error(String code, Node node, String message, String hint) {
    problems.error(code, node.place().path(), node.origin(), message, hint);
  }

  void warning(String code, String path, Origin origin, String message, String hint) {
    problems.warning(code, path, origin, message, hint);
  }

  boolean hasErrors() {
    return problems.hasErrors();
  }

  List<ConfigProblem> problems() {
    return problems.inReadingOrder();
  }

  /** A file could not be read, so names that seem unknown may well be defined in it. */
  void lostAFile() {
    whole = false;
  }

  /** Whether all files could be read, so that what is not there is really missing. */
  boolean isWhole() {
    return whole;
  }

  /** Lets a thing be found under the name by which the model knows it, too. */
  void rememberAs(String path, Origin origin) {
    otherPlaces.putIfAbsent(path, origin);
  }

  /** Lets a host be found under its name in the model, where the operator spelt it otherwise. */
  void knowHostAs(String name, String written) {
    if (!name.equals(written)) {
      hostNames.putIfAbsent(name, written);
    }
  }

  Origins origins(Block root) {
    WrittenPlaces places = new WrittenPlaces(root, otherPlaces, hostNames);
    return new Origins(places::find);
  }

  /** Notes the value that counts for a key whose default depends on other keys. */
  void derive(String path, String text) {
    derived.put(path, text);
  }

  Map<String, String> derived() {
    return Collections.unmodifiableMap(derived);
  }

  /** A path beside the file that names it, in the form in which the operator named that file. */
  Path displayed(String path, Origin origin) {
    Path file = origin.line() > 0 ? Path.of(origin.file()) : mainFile;
    return file.resolveSibling(path);
  }

  /** Relative paths are relative to the file that names them. */
  Path resolve(Path path, Origin origin) {
    Path file = origin.line() > 0 ? Path.of(origin.file()) : mainFile;
    return file.toAbsolutePath().getParent().resolve(path).normalize();
  }

  /**
   * Checks that a name is one of those defined.
   *
   * @param code such as {@code unknown-upstream}
   * @param sentence up to the name, such as {@code host "x" routes to upstream}
   * @param known where each known thing is defined
   */
  boolean checkReference(
      String code, Node node, String name, String sentence, Map<String, ? extends Node> known) {
    if (known.containsKey(name)) {
      return true;
    }
    if (whole) {
      error(
          code,
          node,
          sentence + " " + Quoted.inMessage(name) + ", which is not defined",
          referenceHint(name, known));
    }
    return false;
  }

  /** Something that is defined without having been written. */
  static Node builtIn(String name) {
    return new Node.Leaf(Place.ROOT.key(name), Origin.BUILT_IN, false, Optional.of(name), name);
  }

  private static String referenceHint(String name, Map<String, ? extends Node> known) {
    Optional<String> meant = Spelling.nearest(name, known.keySet());
    if (meant.isPresent()) {
      Node definition = known.get(meant.get());
      return "did you mean \"" + meant.get() + "\"?" + where(definition.origin());
    }
    return listed(known.keySet());
  }

  /** In brackets, with the file's bare name: the hint is read beside the full path. */
  static String where(Origin origin) {
    if (origin.line() == 0) {
      return "";
    }
    return " (" + Path.of(origin.file()).getFileName() + ":" + origin.line() + ")";
  }

  private static String listed(Collection<String> names) {
    if (names.isEmpty()) {
      return "none is defined";
    }
    String first =
        names.stream()
            .sorted()
            .limit(NAMES_LISTED)
            .map(Quoted::asWritten)
            .collect(Collectors.joining(", "));
    return "defined: " + first + (names.size() > NAMES_LISTED ? ", ..." : "");
  }
}
