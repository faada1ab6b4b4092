package io.lockgate.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lockgate demo-origin}: something to stand behind the proxy while trying it out. */
@Command(
    name = "demo-origin",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "A web server on loopback that answers with the request it got.")
final class DemoOriginCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9001",
      description = "Where it listens on 127.0.0.1; 0 lets the system choose.")
  private int port;

  private final Surroundings surroundings;

  DemoOriginCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (DemoOrigin origin = DemoOrigin.start(port)) {
      surroundings.err().println("demo origin answers at http://127.0.0.1:" + origin.port());
      CountDownLatch stop = new CountDownLatch(1);
      ProcessSignals.on("TERM", stop::countDown);
      ProcessSignals.on("INT", stop::countDown);
      stop.await();
      return ExitCode.GOOD;
    } catch (IOException e) {
      surroundings.err().println("demo origin: port " + port + ": " + e.getMessage());
      return ExitCode.TRY_LATER;
    }
  }
}
