package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.tls.ClientHello.NameKind;
import io.lockgate.tls.ClientHello.ResumptionOffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The browser's vector is the one that the public description of JA4 works out step by step. */
class Ja4Test {
  private static final String BROWSER_CIPHERS =
      "1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035";
  private static final String BROWSER_EXTENSIONS =
      "001b 0000 0033 0010 4469 0017 002d 000d 0005 0023 0012 002b ff01 000b 000a 0015";
  private static final String BROWSER_SIGNATURES = "0403 0804 0401 0503 0805 0501 0806 0601";

  @Test
  void isTheKnownOneOfABrowser() {
    assertThat(ja4("0304 0303", BROWSER_CIPHERS, BROWSER_EXTENSIONS, BROWSER_SIGNATURES, "h2"))
        .isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
  }

  @Test
  void leavesOutWhatOnlyKeepsServersTolerant() {
    assertThat(
            ja4(
                "baba 0304 0303",
                "0a0a " + BROWSER_CIPHERS,
                "4a4a " + BROWSER_EXTENSIONS + " dada",
                BROWSER_SIGNATURES,
                "h2"))
        .isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
  }

  @Test
  void ordersCiphersAndExtensionsButNotSignatures() {
    String shuffled = "0035 " + BROWSER_CIPHERS.replace(" 0035", "");
    assertThat(ja4("0304 0303", shuffled, BROWSER_EXTENSIONS, BROWSER_SIGNATURES, "h2"))
        .isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
    assertThat(ja4("0304", BROWSER_CIPHERS, BROWSER_EXTENSIONS, "0804 0403", "h2"))
        .isNotEqualTo(ja4("0304", BROWSER_CIPHERS, BROWSER_EXTENSIONS, "0403 0804", "h2"));
  }

  @ParameterizedTest
  @CsvSource({
    "'0304', '0000 002b', 'h2', t13d0102h2_",
    "'', '', '', t12i010000_",
    "'0302 0301', '002b', '', t11i010100_",
    "'0304', '002b', 'http/1.1', t13i0101h1_",
    "'0304', '002b', 'é/x', t13i0101e8_",
  })
  void beginsWithWhatOneCanRead(String versions, String extensions, String alpn, String begin) {
    assertThat(ja4(versions, "1301", extensions, "", alpn)).startsWith(begin);
  }

  @Test
  void isZeroForWhatIsNotThere() {
    assertThat(ja4("", "c02f", "", "", "")).endsWith("_000000000000");
  }

  private static String ja4(
      String versions, String ciphers, String extensions, String signatures, String alpn) {
    return Ja4.of(
        new ClientHello(
            0x0303,
            points(versions),
            points(ciphers),
            CodePoints.NONE,
            CodePoints.NONE,
            points(signatures),
            alpn.isEmpty() ? List.of() : List.of(alpn),
            "",
            NameKind.ABSENT,
            ResumptionOffer.NONE,
            points(extensions),
            0));
  }

  private static CodePoints points(String hex) {
    String[] codes = hex.isEmpty() ? new String[0] : hex.split(" ");
    char[] values = new char[codes.length];
    for (int i = 0; i < codes.length; i++) {
      values[i] = (char) Integer.parseInt(codes[i], 16);
    }
    return new CodePoints(values);
  }
}
