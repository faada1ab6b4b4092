package io.lockgate.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * No key without documents, no documents without key. Run with {@code -Dlockgate.write=true} to
 * write the generated parts anew.
 */
class DocumentationTest {
  private static final Path REFERENCE = Path.of("src/main/resources/reference.conf");
  private static final Path MANUAL = Path.of("../docs/configuration.md");
  private static final String BEGIN = "<!-- keys: generated from the schema -->\n";
  private static final String END = "<!-- end of keys -->\n";

  @Test
  void everyKeyStandsInTheReferenceWithItsDefaultAndNoOther() throws IOException {
    String uncommented = Files.readString(REFERENCE).replaceAll("(?m)^(\\s*)#(?=[^\\s#])", "$1");
    ConfigObject root =
        ConfigFactory.parseString(uncommented).getObject("lockgate").toConfig().root();
    Map<String, String> written = new TreeMap<>();
    collect(root, "", written);

    Map<String, String> known = new TreeMap<>();
    collect(Schema.LOCKGATE, "", known);
    assertThat(written).isEqualTo(known);
  }

  @Test
  void everyKeyHasASentenceThatEndsInAFullStop() {
    assertSentences(Schema.LOCKGATE);
  }

  private static void assertSentences(Section section) {
    for (Key key : section.keys()) {
      assertThat(key.doc()).as(key.name()).endsWith(".").hasSizeGreaterThan(8);
      if (ReferenceText.core(key.shape()) instanceof Section below) {
        assertSentences(below);
      }
    }
  }

  @Test
  void theReferenceSaysWhatTheSchemaSays() throws IOException {
    if (Boolean.getBoolean("lockgate.write")) {
      Files.createDirectories(REFERENCE.getParent());
      Files.writeString(REFERENCE, ReferenceText.referenceConf());
    }
    assertThat(Files.readString(REFERENCE)).isEqualTo(ReferenceText.referenceConf());
  }

  @Test
  void theManualListsEveryKey() throws IOException {
    String manual = Files.readString(MANUAL);
    int begin = manual.indexOf(BEGIN) + BEGIN.length();
    int end = manual.indexOf(END);
    assertThat(begin).isGreaterThan(BEGIN.length()).isLessThanOrEqualTo(end);
    if (Boolean.getBoolean("lockgate.write")) {
      manual = manual.substring(0, begin) + ReferenceText.table() + manual.substring(end);
      Files.writeString(MANUAL, manual);
      end = manual.indexOf(END);
    }
    assertThat(manual.substring(begin, end)).isEqualTo(ReferenceText.table());
  }

  private static void collect(ConfigObject object, String pattern, Map<String, String> into) {
    boolean named = object.containsKey("NAME") || object.containsKey("www.example.com");
    object.forEach(
        (name, value) -> {
          String segment = named ? "*" : name;
          String path = pattern.isEmpty() ? segment : pattern + "." + segment;
          collect(value, path, into);
        });
  }

  private static void collect(ConfigValue value, String path, Map<String, String> into) {
    if (value instanceof ConfigObject object && !object.isEmpty()) {
      collect(object, path, into);
    } else if (value instanceof ConfigList list
        && !list.isEmpty()
        && list.get(0) instanceof ConfigObject element) {
      collect(element, path + ".*", into);
    } else if (value instanceof ConfigList list) {
      into.put(path, list.unwrapped().toString());
    } else {
      into.put(
          path, value.valueType() == ConfigValueType.NULL ? "null" : value.unwrapped().toString());
    }
  }

  private static void collect(Section section, String pattern, Map<String, String> into) {
    for (Key key : section.keys()) {
      String path = pattern.isEmpty() ? key.name() : pattern + "." + key.name();
      boolean textOr = key.shape() instanceof Shape.TextOr;
      if (!textOr && ReferenceText.core(key.shape()) instanceof Section below) {
        collect(below, ReferenceText.isMany(key.shape()) ? path + ".*" : path, into);
      } else if (key.presence() != Key.Presence.DEFAULTED) {
        into.put(path, "null");
      } else if (key.shape() instanceof Shape.FieldMap) {
        into.put(path, "{}");
      } else {
        into.put(
            path,
            key.shape() instanceof Shape.ListOf || key.shape() instanceof Shape.OneOrMore
                ? key.fallback().toString()
                : key.fallback().get(0));
      }
    }
  }
}
