package io.lockgate.app;

/** The entry of the process, and the only place that ends it in the ordinary way. */
public final class Lockgate {
  private Lockgate() {}

  public static void main(String[] arguments) {
    Surroundings surroundings = Surroundings.ofProcess();
    int code =
        RunRequest.ofPlain(arguments)
            .map(request -> new Daemon(surroundings).run(request))
            .orElseGet(() -> new CommandLineEntry(surroundings).execute(arguments));
    surroundings.out().flush();
    System.exit(code);
  }
}
