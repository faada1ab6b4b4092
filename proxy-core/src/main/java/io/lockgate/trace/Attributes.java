package io.lockgate.trace;

/** What a span says of its request, told when it is sent. Of any number of threads. */
@FunctionalInterface
interface Attributes {
  /** Tells all of them, each name once. */
  void tell(Sink sink);

  /** Takes attributes by OpenTelemetry's names, which are ASCII without quotation marks. */
  interface Sink {
    void text(String name, String value);

    void number(String name, long value);

    void flag(String name, boolean value);
  }
}
