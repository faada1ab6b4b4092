package io.lockgate.app;

import io.lockgate.proxy.ListenerView;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The one line that says the daemon serves. Scripts wait for it and read addresses out of it, so
 * its form is a promise.
 *
 * @param sinceStart from the start of the virtual machine to the moment all listeners accepted
 * @param admin where the admin endpoint is bound
 */
record ReadyLine(
    String version,
    Duration sinceStart,
    List<ListenerView> listeners,
    int hosts,
    int certificates,
    long generation,
    String admin) {

  @Override
  public String toString() {
    String bound =
        listeners.stream()
            .map(listener -> listener.name() + " " + listener.address())
            .collect(Collectors.joining(", "));
    // Not by a format, whose classes and locales every start would load for this one line.
    return String.join(
        ", ",
        "lockgate " + version + " ready in " + sinceStart.toMillis() + " ms: " + bound,
        counted(hosts, "host"),
        counted(certificates, "certificate"),
        "generation " + generation,
        "admin " + admin);
  }

  /** Always the plural: a machine reads this line too. */
  private static String counted(int number, String noun) {
    return number + " " + noun + "s";
  }
}
