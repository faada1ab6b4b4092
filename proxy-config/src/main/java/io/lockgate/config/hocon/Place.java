package io.lockgate.config.hocon;

/**
 * Where a value stands in the tree of keys. Every value of a large configuration has one, and
 * hardly any is ever shown, so it is put into words on demand. Immutable.
 */
final class Place {
  static final Place ROOT = new Place(null, "", Step.KEY);

  /** Null at the root alone. */
  private final Place parent;

  private final String segment;
  private final Step step;

  private enum Step {
    KEY,
    NAME,
    QUOTED_NAME,
    ITEM
  }

  private Place(Place parent, String segment, Step step) {
    this.parent = parent;
    this.segment = segment;
    this.step = step;
  }

  Place key(String key) {
    return new Place(this, key, Step.KEY);
  }

  /** A block or field that an operator named; hosts are always quoted, since most need it. */
  Place named(String name, boolean quoted) {
    return new Place(this, name, quoted ? Step.QUOTED_NAME : Step.NAME);
  }

  Place item(int index) {
    return new Place(this, Integer.toString(index), Step.ITEM);
  }

  /** Below {@code lockgate}, such as {@code hosts."www.example.com".routes[2].path}. */
  String path() {
    if (parent == null) {
      return "";
    }
    String above = parent.path();
    return switch (step) {
      case ITEM -> above + "[" + segment + "]";
      case KEY -> below(above, segment);
      case NAME -> below(above, Quoted.asSegment(segment));
      case QUOTED_NAME -> below(above, Quoted.quote(segment));
    };
  }

  /** The same for all values of one kind: {@code hosts.*.routes.*.path}. */
  String pattern() {
    return parent == null ? "" : below(parent.pattern(), lastOfPattern());
  }

  /** What the pattern ends with. */
  String lastOfPattern() {
    return step == Step.KEY ? segment : "*";
  }

  private static String below(String above, String segment) {
    return above.isEmpty() ? segment : above + "." + segment;
  }

  @Override
  public String toString() {
    return path();
  }
}
