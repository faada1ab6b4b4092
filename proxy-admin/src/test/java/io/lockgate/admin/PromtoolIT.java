package io.lockgate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

/** What Prometheus itself thinks of our metrics. Needs promtool (Debian package prometheus). */
class PromtoolIT {
  @Test
  void promtoolFindsNothingToComplainAbout() throws IOException, InterruptedException {
    byte[] text = new PrometheusText().render(PopulatedMetrics.families(), "").body();
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    try (OutputStream input = promtool.getOutputStream()) {
      input.write(text);
    }
    String said = new String(promtool.getInputStream().readAllBytes(), UTF_8);

    assertThat(said).isEmpty();
    assertThat(promtool.waitFor()).isZero();
  }
}
