package io.lockgate.app.handover;

import io.lockgate.listen.InheritedSocket;
import io.lockgate.proxy.Inheritance;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Listening sockets that the service manager opened for this process (sd_listen_fds): descriptors
 * from 3 on, as many as {@code LISTEN_FDS} says, if {@code LISTEN_PID} means this process.
 */
final class PassedSockets {
  private static final int FIRST = 3;
  private static final int MOST = 1024;

  /** Octal, as the kernel shows it. */
  private static final int O_NONBLOCK = 04000;

  private PassedSockets() {}

  /**
   * What the environment tells of them.
   *
   * @param pid of this process
   * @throws HandOverException if they are not there, or an event loop would hang in one of them
   */
  static List<Inheritance.Socket> of(Map<String, String> environment, long pid)
      throws HandOverException {
    if (!environment.getOrDefault("LISTEN_PID", "").equals(Long.toString(pid))) {
      return List.of();
    }
    int count = count(environment.getOrDefault("LISTEN_FDS", ""));
    String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
    List<Inheritance.Socket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int descriptor = FIRST + i;
      makeNonBlocking(descriptor);
      String name = i < names.length ? names[i] : "";
      sockets.add(new Inheritance.Socket(descriptor, new InheritedSocket.Passed(name)));
    }
    return sockets;
  }

  private static int count(String text) throws HandOverException {
    try {
      int count = Integer.parseInt(text);
      if (count >= 0 && count <= MOST) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new HandOverException("LISTEN_FDS=" + text + " is no number of sockets");
  }

  /** Who else accepts from a socket may be faster, and accept() would wait for the next client. */
  private static void makeNonBlocking(int descriptor) throws HandOverException {
    if (!isNonBlocking(descriptor)) {
      try {
        // Netty has no call for it, and Java none that is public.
        Class<?> calls = Class.forName("sun.nio.ch.IOUtil");
        Method descriptorOf = calls.getDeclaredMethod("newFD", int.class);
        Method configure =
            calls.getDeclaredMethod("configureBlocking", FileDescriptor.class, boolean.class);
        descriptorOf.setAccessible(true);
        configure.setAccessible(true);
        configure.invoke(null, descriptorOf.invoke(null, descriptor), false);
      } catch (ReflectiveOperationException | RuntimeException e) {
        throw new HandOverException(
            "socket " + descriptor + " blocks; set NonBlocking=yes in the unit", e);
      }
    }
  }

  private static boolean isNonBlocking(int descriptor) throws HandOverException {
    Path info = Path.of("/proc/self/fdinfo", Integer.toString(descriptor));
    try {
      Optional<String> flags =
          Files.readAllLines(info).stream().filter(line -> line.startsWith("flags:")).findFirst();
      return flags.isPresent()
          && (Integer.parseInt(flags.get().substring("flags:".length()).trim(), 8) & O_NONBLOCK)
              != 0;
    } catch (IOException e) {
      throw new HandOverException("socket " + descriptor + " was announced and is not there", e);
    }
  }
}
