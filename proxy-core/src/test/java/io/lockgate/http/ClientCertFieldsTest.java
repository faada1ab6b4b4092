package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientCertFieldsTest {
  private static FieldSection forged() {
    FieldSection fields = new FieldSection();
    fields.append("client-cert", ":Zm9yZ2Vk:");
    fields.append("CLIENT-CERT-CHAIN", ":Zm9yZ2Vk:");
    fields.append("X-Forwarded-Client-Cert", "Hash=forged");
    fields.append("x-forwarded-client-cert", "Hash=forged too");
    fields.append("Accept", "*/*");
    return fields;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void nobodyIsBelieved() {
    FieldSection fields = forged();
    ClientCertFields.NONE.apply(fields);
    assertThat(fields.liveCount()).isEqualTo(1);
    assertThat(fields.contains(FieldName.ACCEPT)).isTrue();
  }

  /** RFC 9440 section 2.2 and 2.3, byte sequences of RFC 8941 section 3.3.5. */
  @Test
  void certificateAndChainAreByteSequences() {
    FieldSection fields = forged();
    ClientCertFields.NONE
        .withCertificate(bytes("leaf"), List.of(bytes("one"), bytes("two")))
        .apply(fields);
    assertThat(fields.valueOf(FieldName.CLIENT_CERT)).isEqualTo(":bGVhZg==:");
    assertThat(fields.valueOf(FieldName.CLIENT_CERT_CHAIN)).isEqualTo(":b25l:, :dHdv:");
    assertThat(fields.contains(FieldName.X_FORWARDED_CLIENT_CERT)).isFalse();
    assertThat(fields.liveCount()).isEqualTo(3);
  }

  @Test
  void thereIsNoChainOfNothing() {
    FieldSection fields = forged();
    ClientCertFields.NONE
        .withCertificate(bytes("leaf"), List.of())
        .withForwarded("Hash=a")
        .apply(fields);
    assertThat(fields.contains(FieldName.CLIENT_CERT_CHAIN)).isFalse();
    assertThat(fields.valueOf(FieldName.X_FORWARDED_CLIENT_CERT)).isEqualTo("Hash=a");
  }
}
