package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlatformTest {
  @Test
  void namesTheLibraryThatAlpineHas() {
    assertThat(new Platform("Linux", "amd64", true).shortfall())
        .endsWith("this is Linux on amd64 with the musl C library");
  }

  @Test
  void isNotTakenForAlpineHere() {
    assertThat(Platform.ofProcess().musl()).isFalse();
  }
}
