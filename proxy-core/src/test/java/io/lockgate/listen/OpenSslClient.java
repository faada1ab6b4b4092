package io.lockgate.listen;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code openssl s_client} against a server of ours. */
final class OpenSslClient {

  /** What the client printed on both its outputs. */
  record Result(String output) {
    boolean resumed() {
      return output.contains("Reused, TLSv1");
    }
  }

  private OpenSslClient() {}

  /** Connects, exchanges one line, and leaves. */
  static Result connect(InetSocketAddress server, String name, String... options)
      throws IOException, InterruptedException {
    return talk(server, name, "Q", options);
  }

  /**
   * Connects, exchanges one line, and then does something else than to leave.
   *
   * @param letter such as {@code R}, on which openssl renegotiates
   */
  static Result talk(InetSocketAddress server, String name, String letter, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect"));
    command.add(server.getAddress().getHostAddress() + ":" + server.getPort());
    command.addAll(name.isEmpty() ? List.of("-noservername") : List.of("-servername", name));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    StringBuilder output = new StringBuilder();
    var out = process.getOutputStream();
    try (var in = process.inputReader(StandardCharsets.ISO_8859_1)) {
      sendQuietly(out, "hello\n");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        output.append(line).append('\n');
        if (line.equals("hello")) {
          // The echo is back: the tickets that came with the handshake have been read as well.
          sendQuietly(out, letter + "\n");
        }
      }
    }
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("openssl does not end: " + output);
    }
    return new Result(output.toString());
  }

  /**
   * Gives one of its commands again and again after the handshake, and reads to the end, which the
   * server has to bring about.
   */
  static String command(InetSocketAddress server, String name, String command, String version)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "openssl",
                "s_client",
                "-connect",
                server.getAddress().getHostAddress() + ":" + server.getPort(),
                "-servername",
                name,
                version)
            .redirectErrorStream(true)
            .start();
    StringBuilder output = new StringBuilder();
    boolean begun = false;
    var out = process.getOutputStream();
    try (var in = process.inputReader(StandardCharsets.ISO_8859_1)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        output.append(line).append('\n');
        // What is typed in the meantime would be taken for one command.
        if ((!begun && line.equals("---")) || line.matches("KEYUPDATE|RENEGOTIATING")) {
          begun = true;
          sendQuietly(out, command + "\n");
        }
      }
    }
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("openssl does not end: " + output);
    }
    return output.toString();
  }

  /**
   * A client that was refused has gone already, and says why on its output. For the same reason
   * nobody closes its input, which would write what is left once more; it ends with the process.
   */
  private static void sendQuietly(OutputStream out, String line) {
    try {
      out.write(line.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    } catch (IOException e) {
      // its output tells
    }
  }
}
