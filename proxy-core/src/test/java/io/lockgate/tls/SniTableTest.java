package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SniTableTest {
  private final SniTable.Builder<String> builder = SniTable.builder();

  @ParameterizedTest
  @CsvSource({
    "www.example.com, www.example.com, EXACT",
    "api.example.com, *.example.com, WILDCARD",
    "a.b.example.com, *.b.example.com, WILDCARD",
    "a.c.example.com, , ",
    "example.com, , ",
    "example.org, , ",
    "com, , ",
    ".example.com, , ",
    "'', , "
  })
  void prefersExactNamesAndLetsAWildcardStandForOneLabel(
      String name, String pattern, SniMatch.Kind kind) {
    builder.add("www.example.com", "1");
    builder.add("*.example.com", "2");
    builder.add("*.b.example.com", "3");
    Optional<SniMatch<String>> match = builder.build().match(name);
    assertThat(match.map(SniMatch::pattern)).isEqualTo(Optional.ofNullable(pattern));
    assertThat(match.map(SniMatch::kind)).isEqualTo(Optional.ofNullable(kind));
  }

  @Test
  void tellsWhatAPatternStandsForAlready() {
    assertThat(builder.add("a.example", "1")).isEmpty();
    assertThat(builder.add("a.example", "2")).contains("1");
    assertThat(builder.add("*.a.example", "3")).isEmpty();
    assertThat(builder.add("*.a.example", "4")).contains("3");
    SniTable<String> table = builder.build();
    assertThat(table.size()).isEqualTo(2);
    assertThat(table.match("a.example").map(SniMatch::value)).contains("1");
  }

  @Test
  void findsEachOfManyNames() {
    for (int i = 0; i < 100_000; i++) {
      builder.add("tenant-" + i + ".example.com", "x");
    }
    SniTable<String> table = builder.build();
    assertThat(table.size()).isEqualTo(100_000);
    for (int i = 0; i < 100_000; i++) {
      assertThat(table.match("tenant-" + i + ".example.com")).isPresent();
    }
  }

  @Test
  void sharesEntriesWithTheTableBeforeWhereTheyStandForTheSame() {
    builder.add("a.example", "1");
    builder.add("*.a.example", "2");
    SniTable<String> before = builder.build();
    SniTable.Builder<String> next = SniTable.builder(before);
    next.add("a.example", "1");
    next.add("*.a.example", "3");
    SniTable<String> table = next.build();
    assertThat(table.match("a.example")).isSameAs(before.match("a.example"));
    assertThat(table.match("x.a.example").map(SniMatch::value)).contains("3");
  }
}
