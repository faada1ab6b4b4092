package io.lockgate.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlatTableTest {
  private static FlatTable<String, Integer> numbers(int count, int expected) {
    FlatTable.Builder<String, Integer> builder = FlatTable.builder(expected);
    for (int i = 0; i < count; i++) {
      builder.put("name-" + i, i);
    }
    return builder.build();
  }

  @Test
  void findsEveryEntryHoweverFewWereExpected() {
    FlatTable<String, Integer> table = numbers(5_000, 0);
    for (int i = 0; i < 5_000; i++) {
      assertThat(table.getOrDefault("name-" + i, -1)).isEqualTo(i);
    }
    assertThat(table.size()).isEqualTo(5_000);
  }

  @Test
  void holdsAsManyAsWereExpected() {
    for (int count = 0; count < 70; count++) {
      assertThat(numbers(count, count).size()).isEqualTo(count);
    }
  }

  @Test
  void answersOtherwiseForWhatItDoesNotHold() {
    FlatTable<String, Integer> table = numbers(100, 100);
    assertThat(table.getOrDefault("stranger", -1)).isEqualTo(-1);
    assertThat(table.containsKey("stranger")).isFalse();
    assertThat(FlatTable.<String, Integer>empty().getOrDefault("name-1", -1)).isEqualTo(-1);
  }

  @Test
  void tellsKeysOfEqualHashApart() {
    FlatTable.Builder<String, Integer> builder = FlatTable.builder(3);
    assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
    builder.put("Aa", 1);
    builder.put("BB", 2);
    FlatTable<String, Integer> table = builder.build();
    assertThat(table.getOrDefault("Aa", -1)).isEqualTo(1);
    assertThat(table.getOrDefault("BB", -1)).isEqualTo(2);
  }

  @Test
  void replacesTheValueOfAKeyThatIsPutAgain() {
    FlatTable.Builder<String, Integer> builder = FlatTable.builder(1);
    builder.put("a", 1);
    builder.put("a", 2);
    FlatTable<String, Integer> table = builder.build();
    assertThat(table.getOrDefault("a", -1)).isEqualTo(2);
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void keepsTheFirstValueWhereItShallAddOnlyWhatIsAbsent() {
    FlatTable.Builder<String, Integer> builder = FlatTable.builder(1);
    assertThat(builder.putIfAbsent("a", 1, -1)).isEqualTo(-1);
    assertThat(builder.putIfAbsent("a", 2, -1)).isEqualTo(1);
    assertThat(builder.build().getOrDefault("a", -1)).isEqualTo(1);
  }

  @Test
  void visitsEveryEntryOnce() {
    Map<String, Integer> seen = new HashMap<>();
    numbers(1_000, 10)
        .forEach((name, number) -> assertThat(seen.putIfAbsent(name, number)).isNull());
    assertThat(seen).hasSize(1_000).containsEntry("name-7", 7);
  }
}
