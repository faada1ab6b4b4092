package io.lockgate.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lockgate.http.FramingCase;
import io.lockgate.listen.HelloBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Where fuzzing begins: the cases of the framing rules, and what stands in {@code seeds.txt}, to
 * which every input is added that has once broken something.
 */
final class FuzzSeeds {
  private FuzzSeeds() {}

  static List<byte[]> of(FuzzTarget target) {
    List<byte[]> seeds = new ArrayList<>(kept(target));
    for (FramingCase framing : FramingCase.all()) {
      FuzzTarget its =
          switch (framing.kind()) {
            case REQUEST -> FuzzTarget.REQUEST;
            case RESPONSE -> FuzzTarget.RESPONSE;
            case CHUNKS -> FuzzTarget.CHUNKS;
            case H2_REQUEST, H2_REQUEST_ENDED -> FuzzTarget.H2_REQUEST;
            default -> null;
          };
      if (its == target) {
        seeds.add(octets(target, framing.input()));
      }
    }
    if (target == FuzzTarget.CLIENT_HELLO) {
      seeds.add(HelloBytes.record(HelloBytes.tls13("www.example.com")));
      seeds.add(HelloBytes.records(HelloBytes.tls13("a.test", 100), 50));
    }
    return seeds;
  }

  private static byte[] octets(FuzzTarget target, String input) {
    if (target != FuzzTarget.H2_REQUEST) {
      return input.getBytes(ISO_8859_1);
    }
    StringBuilder fields = new StringBuilder();
    for (String line : input.split("\\|", -1)) {
      int colon = line.indexOf(':', 1);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      fields.append(fields.isEmpty() ? "" : "\u00ff");
      fields.append(colon < 0 ? line : line.substring(0, colon)).append('\u00fe');
      fields.append(value.startsWith(" ") ? value.substring(1) : value);
    }
    return fields.toString().getBytes(ISO_8859_1);
  }

  private static List<byte[]> kept(FuzzTarget target) {
    try (InputStream in = FuzzSeeds.class.getResourceAsStream("seeds.txt")) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> line.startsWith(target.label() + " "))
          .map(line -> HexFormat.of().parseHex(line.substring(target.label().length() + 1)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the seeds of a target as files, for a fuzzer that grows a corpus of its own. */
  static void write(FuzzTarget target, Path directory) throws IOException {
    Files.createDirectories(directory);
    int number = 0;
    for (byte[] seed : of(target)) {
      Files.write(directory.resolve("seed-" + number++), seed);
    }
  }
}
