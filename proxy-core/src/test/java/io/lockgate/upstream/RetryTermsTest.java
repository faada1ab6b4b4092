package io.lockgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.RouteConfig;
import io.lockgate.config.model.UpstreamConfig.Retry.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetryTermsTest {
  private static final RetryTerms COMMON =
      new RetryTerms(1, Set.of(Condition.CONNECT_FAILURE, Condition.RESET_BEFORE_RESPONSE), 7);

  @Test
  void allowAsManyAttemptsAsTheySayAfterTheFailuresTheyName() {
    assertThat(COMMON.allow(Condition.RESET_BEFORE_RESPONSE, 0)).isTrue();
    assertThat(COMMON.allow(Condition.RESET_BEFORE_RESPONSE, 1)).isFalse();
    assertThat(COMMON.allow(Condition.REFUSED_STREAM, 0)).isFalse();
  }

  @Test
  void areTheUpstreamsWhereTheRouteSaysNothing() {
    assertThat(
            COMMON.with(
                new RouteConfig.Retry(OptionalInt.empty(), Optional.empty(), Optional.empty())))
        .isEqualTo(COMMON);
  }

  @Test
  void areTheRoutesWhereItSaysSomething() {
    RetryTerms own =
        COMMON.with(
            new RouteConfig.Retry(
                OptionalInt.of(3),
                Optional.of(List.of(Condition.REFUSED_STREAM)),
                Optional.of(Duration.ofNanos(9))));
    assertThat(own).isEqualTo(new RetryTerms(3, Set.of(Condition.REFUSED_STREAM), 9));
  }

  @Test
  void askNoOtherServerWhereARouteWantsNoFurtherAttempt() {
    assertThat(COMMON.connectElsewhere()).isTrue();
    RetryTerms own =
        COMMON.with(new RouteConfig.Retry(OptionalInt.of(0), Optional.empty(), Optional.empty()));
    assertThat(own.connectElsewhere()).isFalse();
  }
}
