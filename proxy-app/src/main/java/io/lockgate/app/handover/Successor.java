package io.lockgate.app.handover;

import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A process that is started to take over from this one. Whatever goes wrong before {@link
 * #conclude} returns, it is ended, and this process serves as before. For one thread, which waits.
 */
public final class Successor implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(100);

  private static final String SOCKET = "socket";

  /** Of the service manager, meant for this process. */
  private static final List<String> NOT_PASSED_ON =
      List.of(
          "WATCHDOG_PID",
          "LISTEN_PID",
          "LISTEN_FDS",
          "LISTEN_FDNAMES",
          "LOCKGATE_REHEARSAL",
          Predecessor.WARM_UP);

  private final Path directory;
  private final Wire wire;
  private final Process process;
  private final BooleanSupplier givenUp;
  private final long deadline = System.nanoTime() + PATIENCE.toNanos();
  private String version = "";
  private boolean done;

  private Successor(Path directory, Wire wire, Process process, BooleanSupplier givenUp) {
    this.directory = directory;
    this.wire = wire;
    this.process = process;
    this.givenUp = givenUp;
  }

  /**
   * Starts it.
   *
   * @param command as this process was started
   * @param environment of this process
   * @param warmUp whether it is to warm up first
   * @param givenUp whether somebody wants this process to end meanwhile
   */
  public static Successor start(
      List<String> command,
      Map<String, String> environment,
      boolean warmUp,
      BooleanSupplier givenUp)
      throws HandOverException {
    try {
      Path directory = privateDirectory(environment);
      try {
        return startIn(directory, command, warmUp, givenUp);
      } catch (IOException | HandOverException | RuntimeException e) {
        remove(directory);
        throw e;
      }
    } catch (IOException e) {
      throw new HandOverException("cannot start a new process: " + e.getMessage(), e);
    }
  }

  private static Successor startIn(
      Path directory, List<String> command, boolean warmUp, BooleanSupplier givenUp)
      throws IOException, HandOverException {
    Path socket = directory.resolve(SOCKET);
    Wire wire = Wire.listening(socket);
    try {
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
      builder.environment().keySet().removeAll(NOT_PASSED_ON);
      builder.environment().put(Predecessor.VARIABLE, socket.toString());
      if (warmUp) {
        builder.environment().put(Predecessor.WARM_UP, "on");
      }
      return new Successor(directory, wire, builder.start(), givenUp);
    } catch (IOException | RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  /** Nobody else may look into it, and so nobody else can connect. */
  private static Path privateDirectory(Map<String, String> environment) throws IOException {
    var ownersOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    String runtime = environment.getOrDefault("RUNTIME_DIRECTORY", "");
    return runtime.isEmpty()
        ? Files.createTempDirectory("lockgate-", ownersOnly)
        : Files.createTempDirectory(Path.of(runtime.split(":", 2)[0]), "lockgate-", ownersOnly);
  }

  public long pid() {
    return process.pid();
  }

  /** Of the product, as the new process calls it. */
  public String version() {
    return version;
  }

  /**
   * Gives it everything, and returns once it is ready to serve; {@link #conclude} is to follow.
   *
   * @param estate gathered only when it asks
   */
  public void handOver(Supplier<Estate> estate) throws HandOverException, InterruptedException {
    while (!wire.accept(LOOK)) {
      checkProcess();
    }
    checkPeer();
    String[] hello = expect(Frame.Kind.HELLO).text().split(" ", 2);
    if (hello.length < 2 || !hello[0].equals(Predecessor.PROTOCOL)) {
      wire.send(Frame.of(Frame.Kind.FAILED, "this version hands over in another way"));
      throw new HandOverException("the new version takes over in another way: restart instead");
    }
    version = hello[1];
    Estate left = estate.get();
    byte[] manifest = left.encoded();
    try {
      wire.send(new Frame(Frame.Kind.ESTATE, manifest));
    } finally {
      Arrays.fill(manifest, (byte) 0);
      left.proxy().ticketSecrets().ifPresent(secrets -> Arrays.fill(secrets, (byte) 0));
    }
    expect(Frame.Kind.DESCRIPTORS);
    wire.sendDescriptors(left.descriptors());
    expect(Frame.Kind.SERVING);
  }

  /** Returns once it accepts; from here on this process must accept no more. */
  public void conclude() throws HandOverException, InterruptedException {
    wire.send(Frame.of(Frame.Kind.YOURS));
    expect(Frame.Kind.TAKEN);
    done = true;
  }

  /** Asks it to end in good order, though it serves. */
  public void stop() {
    process.destroy();
  }

  private Frame expect(Frame.Kind kind) throws HandOverException, InterruptedException {
    Optional<Frame> frame;
    do {
      checkProcess();
      frame = pollOnce();
    } while (frame.isEmpty());
    if (frame.get().kind() == Frame.Kind.FAILED) {
      throw new HandOverException(frame.get().text());
    }
    if (frame.get().kind() != kind) {
      throw new HandOverException("the new process said " + frame.get().kind());
    }
    return frame.get();
  }

  private Optional<Frame> pollOnce() throws HandOverException, InterruptedException {
    try {
      return wire.poll(LOOK);
    } catch (HandOverException e) {
      process.waitFor(1, TimeUnit.SECONDS);
      checkProcess(); // Its exit code says more than that it has gone.
      throw e;
    }
  }

  private void checkProcess() throws HandOverException {
    if (!process.isAlive()) {
      throw new HandOverException(
          "the new process ended with " + process.exitValue() + "; its log says why");
    }
    if (givenUp.getAsBoolean()) {
      throw new HandOverException("this process is about to end");
    }
    if (System.nanoTime() > deadline) {
      throw new HandOverException(
          "the new process was not ready within " + PATIENCE.toSeconds() + " s");
    }
  }

  /** The launcher replaces itself, so the very process that was started has to be there. */
  private void checkPeer() throws HandOverException {
    try {
      PeerCredentials peer = wire.channel().peerCredentials();
      int own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      if (peer.uid() != own || peer.pid() != process.pid()) {
        throw new HandOverException("somebody else asked for the sockets: process " + peer.pid());
      }
    } catch (IOException e) {
      throw new HandOverException("cannot tell who asks for the sockets", e);
    }
  }

  /** Ends the new process, unless it serves. */
  @Override
  public void close() {
    if (!done) {
      process.destroyForcibly();
    }
    wire.close();
    remove(directory);
  }

  private static void remove(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(SOCKET));
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // Empty and private: it harms nobody.
    }
  }
}
