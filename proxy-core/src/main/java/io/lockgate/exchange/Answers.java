package io.lockgate.exchange;

import io.lockgate.config.model.AnswerConfig;
import io.lockgate.config.model.ErrorPages;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.FieldName;
import io.lockgate.http.FieldSection;
import io.lockgate.http.ResponseHead;
import java.util.List;
import java.util.Optional;

/**
 * What a host puts into every answer, whoever made it. Compiled once per snapshot; immutable, read
 * by every event loop.
 */
public final class Answers {
  /** Adds nothing. */
  public static final Answers PLAIN =
      new Answers(Optional.empty(), List.of(), ErrorBodies.PLAIN, false);

  /** What browsers are kept from where a server says nothing of it. */
  private static final List<Restriction> RESTRICTIONS =
      List.of(
          new Restriction("X-Content-Type-Options", "nosniff"),
          new Restriction("X-Frame-Options", "SAMEORIGIN"),
          new Restriction("Referrer-Policy", "strict-origin-when-cross-origin"),
          new Restriction(
              "Permissions-Policy",
              "camera=(), geolocation=(), microphone=(), payment=(), usb=()"));

  private final Optional<AsciiBytes> hsts;
  private final List<Restriction> restrictions;
  private final ErrorBodies errors;
  private final boolean intercepting;

  private Answers(
      Optional<AsciiBytes> hsts,
      List<Restriction> restrictions,
      ErrorBodies errors,
      boolean intercepting) {
    this.hsts = hsts;
    this.restrictions = restrictions;
    this.errors = errors;
    this.intercepting = intercepting;
  }

  /**
   * @param hsts value of Strict-Transport-Security, for answers over TLS
   * @param common pages for which the host has none
   */
  public static Answers of(Optional<AsciiBytes> hsts, AnswerConfig config, ErrorPages common) {
    return new Answers(
        hsts,
        config.securityHeaders() ? RESTRICTIONS : List.of(),
        ErrorBodies.of(config.errorPages(), common),
        config.interceptErrors());
  }

  /** The same without what must not be said in clear (RFC 6797 section 7.2). */
  public Answers inClear() {
    return hsts.isEmpty()
        ? this
        : new Answers(Optional.empty(), restrictions, errors, intercepting);
  }

  /** Value of Strict-Transport-Security. */
  public Optional<AsciiBytes> hsts() {
    return hsts;
  }

  public ErrorBodies errors() {
    return errors;
  }

  /** The page that takes the place of a server's answer, if there is one. */
  Optional<ErrorPage> replacementOf(ResponseHead answer) {
    return intercepting && answer.status() >= 400 ? errors.page(answer.status()) : Optional.empty();
  }

  /** Puts the fields of the host into a final head. */
  void apply(FieldSection fields) {
    if (hsts.isPresent()) {
      fields.replace(FieldName.STRICT_TRANSPORT_SECURITY, hsts.get());
    }
    for (int i = 0; i < restrictions.size(); i++) {
      Restriction restriction = restrictions.get(i);
      if (fields.find(restriction.text) < 0) {
        fields.append(restriction.name, restriction.value);
      }
    }
  }

  private record Restriction(String text, AsciiBytes name, AsciiBytes value) {
    Restriction(String name, String value) {
      this(name, AsciiBytes.of(name), AsciiBytes.of(value));
    }
  }
}
