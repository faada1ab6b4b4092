package io.lockgate.testkit;

import java.io.IOException;

/** Sends Unix signals to processes that a test has started itself. */
final class Signals {
  private Signals() {}

  static void send(Process process, String name) {
    if (!process.isAlive()) {
      throw new AssertionError("process " + process.pid() + " is gone before SIG" + name);
    }
    try {
      Process kill =
          new ProcessBuilder("/bin/kill", "-s", name, Long.toString(process.pid()))
              .redirectErrorStream(true)
              .start();
      int exit = kill.waitFor();
      if (exit != 0) {
        throw new AssertionError("kill -s " + name + " " + process.pid() + ": exit " + exit);
      }
    } catch (IOException e) {
      throw new AssertionError("cannot signal", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
