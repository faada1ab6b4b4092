package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.Parsed.bad;
import static io.lockgate.config.hocon.Parsed.good;

import io.lockgate.config.model.MemoryCeiling;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that have nothing to do with networks: switches, numbers, durations, sizes, choices. */
final class ValueTypes {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,12}");
  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(-?[0-9.]+)\\s*([A-Za-z%]*)");

  /** More words than these are listed only where there is nothing better to say. */
  private static final int LISTED = 5;

  private static final long LONGEST_SECONDS = 100L * 366 * 24 * 3600;
  private static final String DURATION_HINT =
      "write a number and a unit: 500ms, 30s, 5m, 12h, 365d";
  private static final String SIZE_HINT = "write a number and a unit: 512B, 16KiB, 10MiB, 1GiB";

  static final ValueType SWITCH = new ValueType("on | off", ValueTypes::parseSwitch);
  static final ValueType TEXT = new ValueType("text", ValueTypes::parseText);
  static final ValueType ANY_TEXT = new ValueType("text", Parsed::good);
  static final ValueType FILE = new ValueType("path", ValueTypes::parsePath);
  static final ValueType DURATION = duration(1);
  static final ValueType DURATION_OR_ZERO = duration(0);

  static final ValueType MEMORY = new ValueType("percent or size", ValueTypes::parseMemory);
  static final ValueType RATE = new ValueType("number", ValueTypes::parseRate);

  private ValueTypes() {}

  private static Parsed parseSwitch(String text) {
    if (text.equals("on") || text.equals("off")) {
      return good(text.equals("on"));
    }
    String meant =
        switch (text) {
          case "true", "yes", "enabled", "1", "On", "ON" -> "write on";
          case "false", "no", "disabled", "0", "Off", "OFF" -> "write off";
          default -> "write on or off";
        };
    return bad("bad-switch", Quoted.inMessage(text) + " is not a switch", meant);
  }

  private static Parsed parseText(String text) {
    return text.isBlank()
        ? bad("empty-value", "is empty", "give it a value or leave the key out")
        : good(text);
  }

  private static Parsed parsePath(String text) {
    if (text.isBlank()) {
      return bad("empty-value", "is empty", "give it a path or leave the key out");
    }
    try {
      return good(Path.of(text));
    } catch (InvalidPathException e) {
      return bad("bad-path", Quoted.inMessage(text) + " is not a path", "");
    }
  }

  static ValueType integer(int least, int most) {
    return new ValueType("integer", text -> parseInteger(text, least, most));
  }

  private static Parsed parseInteger(String text, int least, int most) {
    if (!text.matches("-?[0-9]{1,18}")) {
      return bad(
          "bad-number", Quoted.inMessage(text) + " is not a whole number", range(least, most));
    }
    long number = Long.parseLong(text);
    return number < least || number > most
        ? bad("out-of-range", text + " is out of range", range(least, most))
        : good((int) number);
  }

  private static String range(long least, long most) {
    return most == Integer.MAX_VALUE
        ? "a whole number, at least " + least
        : "a whole number from " + least + " to " + most;
  }

  private static ValueType duration(long leastMillis) {
    return new ValueType("duration", text -> parseDuration(text, leastMillis));
  }

  private static Parsed parseDuration(String text, long leastMillis) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text.trim());
    if (!matcher.matches()) {
      return bad("bad-duration", Quoted.inMessage(text) + " is not a duration", DURATION_HINT);
    }
    if (matcher.group(2).isEmpty()) {
      return bad("bad-duration", text + " is a duration without a unit", DURATION_HINT);
    }
    long unitMillis =
        switch (matcher.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          case "d" -> 86_400_000;
          default -> 0;
        };
    if (unitMillis == 0 || !DIGITS.matcher(matcher.group(1)).matches()) {
      return bad("bad-duration", Quoted.inMessage(text) + " is not a duration", DURATION_HINT);
    }
    long number = Long.parseLong(matcher.group(1));
    if (number > LONGEST_SECONDS * 1_000 / unitMillis || number * unitMillis < leastMillis) {
      return bad(
          "out-of-range",
          text + " is out of range",
          leastMillis == 0 ? "from 0s to 36600d" : "more than 0s, up to 36600d");
    }
    return good(Duration.ofMillis(number * unitMillis));
  }

  static ValueType size(long least, long most) {
    return new ValueType("size", text -> parseSize(text, least, most));
  }

  private static Parsed parseSize(String text, long least, long most) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text.trim());
    if (!matcher.matches() || !DIGITS.matcher(matcher.group(1)).matches()) {
      return bad("bad-size", Quoted.inMessage(text) + " is not a size", SIZE_HINT);
    }
    if (matcher.group(2).isEmpty()) {
      return bad("bad-size", text + " is a size without a unit", SIZE_HINT);
    }
    int shift =
        switch (matcher.group(2)) {
          case "B" -> 0;
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> -1;
        };
    if (shift < 0) {
      return bad("bad-size", Quoted.inMessage(text) + " is not a size", SIZE_HINT);
    }
    long bytes = Math.min(Long.parseLong(matcher.group(1)), 1L << 32) << shift;
    return bytes < least || bytes > most
        ? bad(
            "out-of-range", text + " is out of range", "from " + size(least) + " to " + size(most))
        : good(bytes);
  }

  /** {@code bytes} in the largest unit that divides it. */
  private static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB"};
    int unit = 0;
    long number = bytes;
    while (unit < 3 && number >= 1024 && number % 1024 == 0) {
      number /= 1024;
      unit++;
    }
    return number + units[unit];
  }

  static ValueType percent(int least, int most) {
    return new ValueType("percent", text -> parsePercent(text, least, most, "[0-9]{1,4}"));
  }

  /** A share that may have a fraction, as {@code 0.5%}. */
  static ValueType finePercent() {
    return new ValueType(
        "percent", text -> parsePercent(text, 0, 100, "[0-9]{1,4}(\\.[0-9]{1,6})?"));
  }

  private static Parsed parsePercent(String text, int least, int most, String number) {
    String trimmed = text.trim();
    String digits = trimmed.endsWith("%") ? trimmed.substring(0, trimmed.length() - 1) : "";
    if (!digits.matches(number)) {
      return bad("bad-percent", Quoted.inMessage(text) + " is not a share", "write it as 50%");
    }
    double value = Double.parseDouble(digits);
    return value < least || value > most
        ? bad("out-of-range", text + " is out of range", "from " + least + "% to " + most + "%")
        : good(value);
  }

  private static Parsed parseMemory(String text) {
    if (text.trim().endsWith("%")) {
      Parsed share = parsePercent(text, 10, 100, "[0-9]{1,4}");
      return share instanceof Parsed.Good good
          ? good(new MemoryCeiling.Share(((Double) good.value()).intValue()))
          : share;
    }
    Parsed size = parseSize(text, 32L << 20, 1L << 50);
    return size instanceof Parsed.Good good
        ? good(new MemoryCeiling.Size((Long) good.value()))
        : size;
  }

  /** Events a second; a fraction for what is rare: 0.1 is six a minute. */
  private static Parsed parseRate(String text) {
    if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,3})?")) {
      return bad(
          "bad-number",
          Quoted.inMessage(text) + " is not a rate",
          "a number of requests a second, such as 100 or 0.1; it may have three decimals");
    }
    double rate = Double.parseDouble(text);
    return rate > 1_000_000
        ? bad("out-of-range", text + " is out of range", "from 0 to 1000000")
        : good(rate);
  }

  /** One of a few words. */
  static ValueType choice(String... words) {
    Map<String, String> canonical = new LinkedHashMap<>();
    for (String word : words) {
      canonical.put(word, word);
    }
    return choice("unknown-value", String.join(" | ", words), canonical);
  }

  /**
   * One of a few words, some of which mean the same.
   *
   * @param canonical from every word that is understood to the one that reaches the model
   */
  static ValueType choice(String code, String label, Map<String, String> canonical) {
    List<String> offered = canonical.values().stream().distinct().toList();
    return new ValueType(label, text -> parseChoice(text, code, canonical, offered));
  }

  private static String oneOf(List<String> offered) {
    return "one of: " + String.join(", ", offered);
  }

  private static Parsed parseChoice(
      String text, String code, Map<String, String> canonical, List<String> offered) {
    String known = canonical.get(text);
    if (known != null) {
      return good(known);
    }
    Optional<String> meant = Spelling.nearest(text, canonical.keySet());
    return bad(
        code,
        Quoted.inMessage(text) + " is not known here",
        meant.map(word -> "did you mean \"" + word + "\"?").orElse("")
            + (meant.isEmpty()
                ? oneOf(offered)
                : offered.size() > LISTED ? "" : " " + oneOf(offered)));
  }
}
