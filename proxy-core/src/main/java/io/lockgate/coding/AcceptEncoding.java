package io.lockgate.coding;

import io.lockgate.config.model.CompressionConfig.Encoding;
import io.lockgate.http.FieldSection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a client says of content codings (RFC 9110 section 12.5.3). */
final class AcceptEncoding {
  private static final String FIELD = "Accept-Encoding";
  private static final int UNSAID = -1;
  private static final int MOST = 1000;

  private final String[] members;

  private AcceptEncoding(String[] members) {
    this.members = members;
  }

  static AcceptEncoding of(FieldSection request) {
    StringBuilder all = new StringBuilder();
    for (int i = request.find(FIELD); i >= 0; i = request.findNext(FIELD, i)) {
      all.append(request.value(i)).append(',');
    }
    return new AcceptEncoding(all.toString().toLowerCase(Locale.ROOT).split(","));
  }

  /**
   * The coding that the client likes best, the first of those that it likes alike; empty where it
   * likes none, or its own form better.
   */
  Optional<Encoding> choose(List<Encoding> offered) {
    Encoding best = null;
    // Who does not name identity takes it, but has a reason to name others.
    int most = Math.max(0, weightOf("identity"));
    boolean named = weightOf("identity") > 0;
    for (Encoding encoding : offered) {
      int weight = weight(encoding);
      if (weight > most || (weight > 0 && weight == most && best == null && named)) {
        best = encoding;
        most = weight;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Whether the client takes no content that is not encoded. */
  boolean forbidsIdentity() {
    int own = weightOf("identity");
    return own == 0 || (own == UNSAID && weightOf("*") == 0);
  }

  private int weight(Encoding encoding) {
    int own = weightOf(encoding.token());
    if (own == UNSAID && encoding == Encoding.GZIP) {
      own = weightOf("x-gzip"); // RFC 9110 section 8.4.1.3
    }
    return own == UNSAID ? weightOf("*") : own;
  }

  /** In thousandths. */
  private int weightOf(String coding) {
    for (String member : members) {
      int semicolon = member.indexOf(';');
      String name = semicolon < 0 ? member : member.substring(0, semicolon);
      if (name.strip().equals(coding)) {
        return semicolon < 0 ? MOST : quality(member.substring(semicolon + 1).strip());
      }
    }
    return UNSAID;
  }

  /** What is no quality is none at all: such a coding is not used. */
  private static int quality(String parameter) {
    if (!parameter.matches("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
      return 0;
    }
    String digits = (parameter.substring(2).replace(".", "") + "000").substring(0, 4);
    return Integer.parseInt(digits);
  }
}
