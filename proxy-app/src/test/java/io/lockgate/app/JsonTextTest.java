package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTextTest {
  @Test
  void separatesFieldsAndElementsAndNothingElse() {
    JsonText json = new JsonText().beginObject().field("a", 1).field("b", true).name("c");
    json.beginArray().value("x").beginObject().endObject().value("y").endArray().endObject();
    assertThat(json).hasToString("{\"a\":1,\"b\":true,\"c\":[\"x\",{},\"y\"]}");
  }

  @Test
  void aValueThatEndsLikeSyntaxStillGetsItsComma() {
    JsonText json = new JsonText().beginArray().value("[").value("{").value(":").endArray();
    assertThat(json).hasToString("[\"[\",\"{\",\":\"]");
  }

  @Test
  void escapesWhatRfc8259Demands() {
    assertThat(new JsonText().value("a\"\\\n\r\u0001\u007fé"))
        .hasToString("\"a\\\"\\\\\\n\\u000d\\u0001\\u007fé\"");
  }
}
