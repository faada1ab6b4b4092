package io.lockgate.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HkdfTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  /** RFC 5869 appendix A.3; those with a binary info cannot be asked for here. */
  @Test
  void derivesWhatTheRfcDerives() {
    byte[] key = Hkdf.extract(new byte[0], hex("0b".repeat(22)));
    assertThat(key)
        .isEqualTo(hex("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"));
    assertThat(Hkdf.expand(key, "", 42))
        .isEqualTo(
            hex(
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                    + "9d201395faa4b61a96c8"));
  }

  /** RFC 5869 appendix A.1, the extraction. */
  @Test
  void extractsWithASalt() {
    assertThat(Hkdf.extract(hex("000102030405060708090a0b0c"), hex("0b".repeat(22))))
        .isEqualTo(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
  }
}
