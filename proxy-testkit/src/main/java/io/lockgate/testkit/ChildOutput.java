package io.lockgate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;

/** Collects what a child process writes, line by line, on a thread of its own. */
final class ChildOutput {
  private final StringBuilder lines = new StringBuilder();
  private final Thread reader;

  ChildOutput(String name, InputStream from) {
    this.reader = new Thread(() -> collect(from), name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Everything so far. */
  String text() {
    synchronized (lines) {
      return lines.toString();
    }
  }

  /** Waits until the child has closed it. */
  void awaitEnd(long millis) throws InterruptedException {
    reader.join(millis);
  }

  private void collect(InputStream from) {
    try (BufferedReader reading = new BufferedReader(new InputStreamReader(from, UTF_8))) {
      for (String line = reading.readLine(); line != null; line = reading.readLine()) {
        synchronized (lines) {
          lines.append(line).append('\n');
        }
      }
    } catch (IOException closed) {
      // The process is gone; what came until then is kept.
    }
  }
}
