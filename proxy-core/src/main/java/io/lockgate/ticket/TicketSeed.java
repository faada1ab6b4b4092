package io.lockgate.ticket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Reads a seed. Whoever has it can open every ticket of the fleet, so it is never shown. */
final class TicketSeed {
  static final int LEAST_BYTES = 32;
  private static final long MOST_BYTES = 64 * 1024;
  private static final String CONFIG_PATH = "tls.tickets.keys-seed";
  private static final String HINT = "make one with: openssl rand -base64 48";

  private TicketSeed() {}

  /** The content of a file, without the line end that editors put there. */
  static byte[] ofFile(Path file) throws TicketSourceException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw wrong("ticket-seed-unreadable", file + " is too long for a seed");
      }
      return checked(Files.readAllBytes(file), file.toString());
    } catch (NoSuchFileException e) {
      throw wrong("missing-file", file + " does not exist");
    } catch (IOException e) {
      throw wrong(
          "ticket-seed-unreadable",
          file + (Files.isDirectory(file) ? " is a directory" : " cannot be read"));
    }
  }

  static byte[] ofVariable(String name, Map<String, String> environment)
      throws TicketSourceException {
    String value = environment.get(name);
    if (value == null) {
      throw wrong("missing-environment-variable", "\"" + name + "\" is not set");
    }
    return checked(value.getBytes(StandardCharsets.UTF_8), "the value of \"" + name + "\"");
  }

  private static byte[] checked(byte[] bytes, String where) throws TicketSourceException {
    int end = bytes.length;
    while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    byte[] seed = Arrays.copyOf(bytes, end);
    Arrays.fill(bytes, (byte) 0);
    if (seed.length < LEAST_BYTES) {
      throw wrong(
          "short-ticket-seed",
          where + " has " + seed.length + " bytes; a seed has at least " + LEAST_BYTES);
    }
    return seed;
  }

  private static TicketSourceException wrong(String code, String message) {
    return new TicketSourceException(code, CONFIG_PATH, CONFIG_PATH + ": " + message, HINT);
  }
}
