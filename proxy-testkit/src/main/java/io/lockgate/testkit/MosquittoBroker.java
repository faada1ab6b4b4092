package io.lockgate.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A real MQTT broker in clear, without accounts: one mosquitto process. */
public final class MosquittoBroker implements AutoCloseable {
  private static final FreePorts PORTS = new FreePorts();

  private final int port;
  private final Command.Running process;

  private MosquittoBroker(int port, Command.Running process) {
    this.port = port;
    this.process = process;
  }

  /** Starts with its configuration in {@code directory}, which it makes. */
  public static MosquittoBroker start(Path directory) throws IOException {
    int port = PORTS.next();
    Path file = Files.createDirectories(directory).resolve("mosquitto.conf");
    Files.writeString(file, "listener %d 127.0.0.1%nallow_anonymous true%n".formatted(port));
    Command.Running process =
        Command.of("mosquitto", "-c", file.toString()).atMost(Duration.ofMinutes(10)).start();
    Patience.until(
        "mosquitto listens on " + port,
        () -> {
          RawClient.connect(port).close();
          return true;
        });
    return new MosquittoBroker(port, process);
  }

  /** As written in {@code servers}. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.close();
  }
}
