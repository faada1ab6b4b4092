package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DaemonClientsTest {
  @Test
  void saysWhoWouldBeLost() {
    String answer =
        """
        {"hosts":[{"host":"www.example.com","handshakes":1000,"versions":{"TLSv1.2":25,"TLSv1.3":975},
        "ciphers":{"TLS_AES_128_GCM_SHA256":975,"X":25},"groups":{"X25519":500},"alpn":{"h2":900},
        "post_quantum_share":0.4,"tls12":{"handshakes":25,"share":0.025,"user_agents":[
        {"user_agent":"till/7\\u001b[31m","requests":160,"last_seen":"2026-11-23T09:08:07Z"}]}}]}
        """;
    assertThat(DaemonClients.text(answer))
        .isEqualTo(
            """
            www.example.com: 1000 handshakes in 24 hours, 40.0 % post-quantum
              versions: TLSv1.2 2.5 % TLSv1.3 97.5 %
              protocols: h2 90.0 %
              groups: X25519 50.0 %
              ciphers: TLS_AES_128_GCM_SHA256 97.5 % X 2.5 %
              without TLS 1.2 2.5 % would be lost
                about 160 requests of till/7?[31m
            """);
  }

  @Test
  void saysThatNobodyCame() {
    assertThat(DaemonClients.text("{\"hosts\":[]}"))
        .isEqualTo("no client has come within 24 hours\n");
  }
}
