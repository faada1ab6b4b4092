package io.lockgate.config.hocon;

/**
 * Where a value stands in the tree of keys.
 *
 * @param path below {@code lockgate}, such as {@code hosts."www.example.com".routes[2].path}
 * @param pattern the same for all values of one kind: {@code hosts.*.routes.*.path}
 */
record Place(String path, String pattern) {
  static final Place ROOT = new Place("", "");

  Place key(String key) {
    return new Place(below(key), pattern.isEmpty() ? key : pattern + "." + key);
  }

  /** A block or field that an operator named; hosts are always quoted, since most need it. */
  Place named(String name, boolean quoted) {
    return new Place(below(quoted ? Quoted.quote(name) : Quoted.asSegment(name)), pattern + ".*");
  }

  Place item(int index) {
    return new Place(path + "[" + index + "]", pattern + ".*");
  }

  private String below(String segment) {
    return path.isEmpty() ? segment : path + "." + segment;
  }
}
