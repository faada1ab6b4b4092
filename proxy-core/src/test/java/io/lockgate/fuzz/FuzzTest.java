package io.lockgate.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every seed, and mutants of them, the same on every run. {@code scripts/fuzz} goes on from here.
 */
class FuzzTest {
  private static final int MUTANTS = 15_000;
  private static final int LONGEST = 2048;
  private static final byte[] SPICE =
      "\r\n\0 \t:,;/\\%.#?@[]\"_-09aFZ\u007f\u0080\u00ff\u000b"
          .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

  private final SplittableRandom random = new SplittableRandom(20_261_123);

  @ParameterizedTest
  @EnumSource
  void holdsForEverySeed(FuzzTarget target) {
    List<byte[]> seeds = FuzzSeeds.of(target);
    assertThat(seeds).isNotEmpty();
    seeds.forEach(seed -> check(target, seed));
  }

  @ParameterizedTest
  @EnumSource
  void holdsForMutants(FuzzTarget target) {
    List<byte[]> seeds =
        FuzzSeeds.of(target).stream().filter(seed -> seed.length < LONGEST).toList();
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = seeds.get(random.nextInt(seeds.size()));
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        mutant = mutated(mutant, seeds.get(random.nextInt(seeds.size())));
      }
      check(target, mutant);
    }
  }

  private static void check(FuzzTarget target, byte[] input) {
    try {
      target.check(input);
    } catch (Throwable e) {
      throw new AssertionError(
          "keep this line in seeds.txt: " + target.label() + " " + HexFormat.of().formatHex(input),
          e);
    }
  }

  private byte[] mutated(byte[] from, byte[] other) {
    if (from.length == 0) {
      return other;
    }
    int at = random.nextInt(from.length);
    byte spice =
        random.nextBoolean() ? SPICE[random.nextInt(SPICE.length)] : (byte) random.nextInt();
    return switch (random.nextInt(6)) {
      case 0 -> {
        byte[] changed = from.clone();
        changed[at] = spice;
        yield changed;
      }
      case 1 -> join(from, at, new byte[] {spice}, 0, from, at);
      case 2 -> join(from, at, from, at + 1, from, from.length);
      case 3 -> Arrays.copyOf(from, at);
      case 4 ->
          join(
              from,
              at,
              other,
              other.length == 0 ? 0 : random.nextInt(other.length),
              from,
              from.length);
      default -> join(from, Math.min(from.length, at + 20), from, at, from, from.length);
    };
  }

  /** The beginning of one, a second from somewhere on, and a third from somewhere on. */
  private static byte[] join(byte[] a, int end, byte[] b, int from, byte[] c, int rest) {
    byte[] joined = Arrays.copyOf(a, end + b.length - from + c.length - rest);
    System.arraycopy(b, from, joined, end, b.length - from);
    System.arraycopy(c, rest, joined, end + b.length - from, c.length - rest);
    return joined;
  }
}
