package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FramingRuleTest {
  @ParameterizedTest
  @EnumSource
  void isCompleteInEveryColumn(FramingRule rule) {
    assertThat(rule.section()).matches("RFC \\d{4} \\d+(\\.\\d+)*");
    assertThat(rule.sentence()).isNotBlank();
    assertThat(rule.status()).isBetween(400, 505);
    assertThat(rule.label()).matches("[a-z][a-z0-9_]*");
    assertThat(rule.refusal())
        .isEqualTo(new HeadVerdict.Refused(rule, rule.answerable()))
        .isSameAs(rule.refusal());
    assertThat(rule.refusal().accepted()).isFalse();
  }

  @Test
  void hasALabelOfItsOwnForEach() {
    assertThat(Arrays.stream(FramingRule.values()).map(FramingRule::label)).doesNotHaveDuplicates();
  }

  @Test
  void answersEverybodyWhoSpeaksHttp() {
    assertThat(Arrays.stream(FramingRule.values()).filter(rule -> !rule.answerable()))
        .containsExactly(FramingRule.NOT_HTTP);
  }
}
