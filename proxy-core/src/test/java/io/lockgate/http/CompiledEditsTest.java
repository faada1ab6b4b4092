package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.FieldTemplate;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledEditsTest {
  private static final FieldVariables NOTHING_KNOWN = variable -> "";

  @Test
  void removesThenSetsThenAdds() {
    FieldSection fields = new FieldSection();
    Heads.fill(fields, "x-env: dev|X-ENV: test|x-debug: 1|server: s|keep: k");
    CompiledEdits.of(
            new FieldEdits(
                List.of(new FieldEdits.Field("X-Env", "prod")),
                List.of(new FieldEdits.Field("X-Debug", "2"), new FieldEdits.Field("Keep", "l")),
                List.of("X-Debug", "server")))
        .apply(fields, NOTHING_KNOWN);
    assertThat(Heads.live(fields))
        .containsExactly("keep: k", "X-Env: prod", "X-Debug: 2", "Keep: l");
  }

  @Test
  void letsTheHostBeSet() {
    RequestHead head = Heads.request("GET / HTTP/1.1|Host: a||");
    CompiledEdits.of(
            new FieldEdits(List.of(new FieldEdits.Field("Host", "b")), List.of(), List.of()))
        .apply(head.fields(), NOTHING_KNOWN);
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

  @Nested
  class AValueWithVariables {
    private List<String> set(String value, FieldVariables known) {
      FieldSection fields = new FieldSection();
      Heads.fill(fields, "x-a: forged");
      CompiledEdits.of(
              new FieldEdits(List.of(new FieldEdits.Field("X-A", value)), List.of(), List.of()))
          .apply(fields, known);
      return Heads.live(fields);
    }

    @Test
    void saysWhatIsKnownOfTheRequest() {
      assertThat(set("for=%{client-address};host=%{host}", FieldTemplate.Variable::written))
          .containsExactly("X-A: for=client-address;host=host");
    }

    @ParameterizedTest
    @EnumSource(FieldTemplate.Variable.class)
    void takesEveryVariable(FieldTemplate.Variable variable) {
      assertThat(set("%{" + variable.written() + "}", asked -> asked == variable ? "v" : "other"))
          .containsExactly("X-A: v");
    }

    @Test
    void isNotSentWhereNothingIsKnownButWhatTheClientWroteIsGoneAllTheSame() {
      assertThat(set("subject=%{client-cert-subject}", NOTHING_KNOWN)).isEmpty();
    }

    @Test
    void cannotBreakTheLineWhateverTheValueHolds() {
      assertThat(set("%{sni}", asked -> "a\r\nX-B: 1\0\u00fc%"))
          .containsExactly("X-A: a%0D%0AX-B: 1%00%C3%BC%25");
    }

    @ParameterizedTest
    @CsvSource({"%%{sni},%{sni}", "100%,100%", "%%,%%", "%%%{sni},%%{sni}", "{sni},{sni}"})
    void keepsPercentSignsThatBeginNoVariable(String value, String sent) {
      assertThat(set(value, NOTHING_KNOWN)).containsExactly("X-A: " + sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%{SNI}", "%{}", "%{sni", "%{user}"})
    void mustNameAVariableThatThereIs(String value) {
      assertThatThrownBy(() -> set(value, NOTHING_KNOWN))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("%{");
    }
  }
}
