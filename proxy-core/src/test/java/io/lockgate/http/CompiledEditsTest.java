package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.config.model.FieldEdits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledEditsTest {
  @Test
  void removesThenSetsThenAdds() {
    FieldSection fields = new FieldSection();
    Heads.fill(fields, "x-env: dev|X-ENV: test|x-debug: 1|server: s|keep: k");
    CompiledEdits.of(
            new FieldEdits(
                List.of(new FieldEdits.Field("X-Env", "prod")),
                List.of(new FieldEdits.Field("X-Debug", "2"), new FieldEdits.Field("Keep", "l")),
                List.of("X-Debug", "server")))
        .apply(fields);
    assertThat(Heads.live(fields))
        .containsExactly("keep: k", "X-Env: prod", "X-Debug: 2", "Keep: l");
  }

  @Test
  void letsTheHostBeSet() {
    RequestHead head = Heads.request("GET / HTTP/1.1|Host: a||");
    CompiledEdits.of(
            new FieldEdits(List.of(new FieldEdits.Field("Host", "b")), List.of(), List.of()))
        .apply(head.fields());
    assertThat(head.fields().valueOf(FieldName.HOST)).isEqualTo("b");
    assertThat(head.authority()).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length",
        "transfer-encoding",
        "Connection",
        "TE",
        "Upgrade",
        "Trailer",
        ":path",
        "",
        "a b",
        "a:",
        "\u00e9"
      })
  void refusesNamesThatAreNotTheOperatorsToWrite(String name) {
    FieldEdits.Field field = new FieldEdits.Field(name, "x");
    assertThatThrownBy(() -> CompiledEdits.of(new FieldEdits(List.of(field), List.of(), List.of())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CompiledEdits.of(new FieldEdits(List.of(), List.of(), List.of(name))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"'a\r\nX: y'", "'a\0'", "' a'", "'a '", "'\u20ac'"})
  void refusesValuesThatWouldBreakTheHead(String value) {
    FieldEdits.Field field = new FieldEdits.Field("X", value);
    assertThatThrownBy(() -> CompiledEdits.of(new FieldEdits(List.of(), List.of(field), List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noChangesAreOneObject() {
    assertThat(CompiledEdits.of(FieldEdits.NONE)).isSameAs(CompiledEdits.NONE);
    assertThat(CompiledEdits.NONE.isEmpty()).isTrue();
  }
}
