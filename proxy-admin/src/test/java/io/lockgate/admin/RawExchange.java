package io.lockgate.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.config.model.BindAddress;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Sends bytes as they are and takes the answer apart, so that a test may be as hostile as it likes.
 */
final class RawExchange {
  private RawExchange() {}

  /** The answer to a request that asks for, or forces, the end of the connection. */
  static Reply send(BindAddress address, String request) throws IOException {
    return Reply.parse(bytes(address, request)).get(0);
  }

  /** Everything that comes back until the server closes. */
  static String bytes(BindAddress address, String request) throws IOException {
    try (Socket socket = connect(address)) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  static Socket connect(BindAddress address) throws IOException {
    Socket socket = new Socket();
    socket.connect(address.toSocketAddress());
    socket.setSoTimeout(20_000); // a hang fails the test rather than the build
    return socket;
  }

  /** A parsed response. */
  record Reply(int status, List<String> fields, String body) {
    static List<Reply> parse(String text) {
      List<Reply> replies = new ArrayList<>();
      int at = 0;
      while (at < text.length()) {
        int endOfHead = text.indexOf("\r\n\r\n", at);
        List<String> lines = text.substring(at, endOfHead).lines().toList();
        List<String> fields = lines.subList(1, lines.size());
        int length = Integer.parseInt(field(fields, "content-length").orElseThrow());
        int body = endOfHead + 4;
        int end = Math.min(text.length(), body + length);
        replies.add(
            new Reply(
                Integer.parseInt(lines.get(0).substring(9, 12)),
                fields,
                text.substring(body, end)));
        at = end;
      }
      return replies;
    }

    Optional<String> field(String name) {
      return field(fields, name);
    }

    private static Optional<String> field(List<String> fields, String name) {
      String prefix = name + ":";
      return fields.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).trim())
          .findFirst();
    }
  }
}
