package io.lockgate.app.handover;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The process that serves, as the one sees it that is to take over from it. Until {@link #takeOver}
 * has returned, this process may end at any time and nobody notices. For one thread, which waits.
 */
public final class Predecessor implements AutoCloseable {
  /** Names the socket to the process that is started to take over. */
  static final String VARIABLE = "LOCKGATE_PREDECESSOR";

  /** Set where that process is to be warm before it asks for anything. */
  static final String WARM_UP = "LOCKGATE_WARM_UP";

  static final String PROTOCOL = "2";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Optional<Wire> wire;
  private final Estate estate;

  private Predecessor(Optional<Wire> wire, Estate estate) {
    this.wire = wire;
    this.estate = estate;
  }

  /**
   * Asks the process that started this one, if one did, for what there is to inherit. Without one
   * there may still be sockets of the service manager.
   */
  public static Predecessor of(Map<String, String> environment, String version)
      throws HandOverException {
    String path = environment.getOrDefault(VARIABLE, "");
    if (path.isEmpty()) {
      return new Predecessor(
          Optional.empty(),
          Estate.of(PassedSockets.of(environment, ProcessHandle.current().pid())));
    }
    Wire wire = Wire.connect(Path.of(path));
    try {
      wire.send(Frame.of(Frame.Kind.HELLO, PROTOCOL + " " + version));
      byte[] manifest = expect(wire, Frame.Kind.ESTATE).content();
      wire.expectDescriptors();
      wire.send(Frame.of(Frame.Kind.DESCRIPTORS));
      var descriptors = wire.receiveDescriptors(Estate.descriptorsOf(manifest), PATIENCE);
      Estate estate = Estate.decode(manifest, descriptors);
      Arrays.fill(manifest, (byte) 0); // It holds the secrets of tickets.
      return new Predecessor(Optional.of(wire), estate);
    } catch (HandOverException e) {
      wire.close();
      throw e;
    } catch (InterruptedException e) {
      wire.close();
      Thread.currentThread().interrupt();
      throw new HandOverException("interrupted", e);
    }
  }

  private static Frame expect(Wire wire, Frame.Kind kind)
      throws HandOverException, InterruptedException {
    Frame frame =
        wire.poll(PATIENCE)
            .orElseThrow(() -> new HandOverException("the process that serves does not answer"));
    if (frame.kind() != kind) {
      throw new HandOverException("the process that serves refused: " + frame.text());
    }
    return frame;
  }

  /** Whether there is one that serves meanwhile, and wants this process to warm up first. */
  public static boolean wantsWarmth(Map<String, String> environment) {
    return !environment.getOrDefault(VARIABLE, "").isEmpty() && environment.containsKey(WARM_UP);
  }

  public Estate estate() {
    return estate;
  }

  /** Whether there is one, which serves meanwhile. */
  public boolean serves() {
    return wire.isPresent();
  }

  /**
   * Says that everything is ready, and returns when this process is to serve; {@link #taken} is to
   * follow.
   *
   * @throws HandOverException if the other one has gone, or does not answer; then this process has
   *     to end, since the other one may serve still
   */
  public void takeOver() throws HandOverException, InterruptedException {
    if (wire.isEmpty()) {
      return;
    }
    wire.get().send(Frame.of(Frame.Kind.SERVING));
    expect(wire.get(), Frame.Kind.YOURS);
  }

  /**
   * Says that this process accepts, upon which the other one ceases to.
   *
   * @throws HandOverException if the other one has gone, which is no reason to end any more
   */
  public void taken() throws HandOverException {
    if (wire.isPresent()) {
      wire.get().send(Frame.of(Frame.Kind.TAKEN));
    }
  }

  /** Says why this process is about to end instead. */
  public void failed(String why) {
    if (wire.isPresent()) {
      try {
        wire.get().send(Frame.of(Frame.Kind.FAILED, why));
      } catch (HandOverException e) {
        // It has gone, so nobody wants to know.
      }
    }
  }

  @Override
  public void close() {
    wire.ifPresent(Wire::close);
  }
}
