package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CompressionAlgorithmTest {

  static Stream<Arguments> wrapsWhatAnyDecompressorTakes() {
    return Stream.of(CompressionAlgorithm.values())
        .flatMap(
            algorithm ->
                Stream.of(1, 3000, 65_535, 65_536, 65_537, 131_072, 131_073, 1_048_577)
                    .map(length -> Arguments.of(algorithm, length)));
  }

  @ParameterizedTest
  @MethodSource
  void wrapsWhatAnyDecompressorTakes(CompressionAlgorithm algorithm, int length) throws Exception {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);

    byte[] wrapped = algorithm.wrap(noise);

    assertThat(wrapped).hasSizeLessThan(length + 16 + length / 1000);
    assertThat(Decompression.undo(algorithm, wrapped, length)).isEqualTo(noise);
  }

  @ParameterizedTest
  @EnumSource
  void compressesWhatRepeatsItself(CompressionAlgorithm algorithm) throws Exception {
    byte[] repeating = "certificate ".repeat(500).getBytes(java.nio.charset.StandardCharsets.UTF_8);

    byte[] compressed = algorithm.compress(repeating);

    assertThat(compressed).hasSizeLessThan(200);
    assertThat(Decompression.undo(algorithm, compressed, repeating.length)).isEqualTo(repeating);
  }

  @Test
  void prefersWhatShortensMost() {
    assertThat(CompressionAlgorithm.values())
        .containsExactly(
            CompressionAlgorithm.BROTLI, CompressionAlgorithm.ZSTD, CompressionAlgorithm.ZLIB);
  }
}
