package io.lockgate.alert;

/** Knows how often a service level was kept and missed since the process started. */
@FunctionalInterface
public interface LevelSource {
  void read(Counts counts);

  /** Takes counts that only ever grow; several calls for one host add up. */
  @FunctionalInterface
  interface Counts {
    void add(ServiceLevel level, String host, long good, long bad);
  }
}
