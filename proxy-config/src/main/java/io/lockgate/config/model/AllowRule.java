package io.lockgate.config.model;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/** A rule that a client's certificate may meet. Immutable; asked on any thread. */
public sealed interface AllowRule {

  boolean allows(Names names);

  /**
   * Whom a verified certificate speaks for.
   *
   * @param spiffeId the one URI of an X.509-SVID; empty where there is none or more than one
   * @param fingerprint SHA-256 of the certificate, in lower-case hex
   */
  record Names(
      Optional<String> spiffeId,
      List<String> dns,
      List<String> emails,
      X500Principal subject,
      String fingerprint) {
    public Names {
      dns = List.copyOf(dns);
      emails = List.copyOf(emails);
    }
  }

  /**
   * Reads a rule as an operator writes it.
   *
   * @throws IllegalArgumentException with the reason, half a sentence
   */
  static AllowRule parse(String text) {
    if (text.startsWith("spiffe://")) {
      return Spiffe.parse(text);
    }
    int colon = text.indexOf(':');
    String rest = text.substring(colon + 1);
    return switch (colon < 0 ? "" : text.substring(0, colon)) {
      case "dns" -> Dns.parse(rest);
      case "email" -> Email.parse(rest);
      case "subject" -> Subject.parse(rest);
      case "sha256" -> Fingerprint.parse(rest);
      default -> throw new IllegalArgumentException("begins with no known kind of name");
    };
  }

  /**
   * A SPIFFE ID, or all below a path.
   *
   * @param id without the trailing {@code /*}
   */
  record Spiffe(String id, boolean below) implements AllowRule {
    private static final Pattern ID =
        Pattern.compile("spiffe://[a-z0-9._-]{1,255}(/[A-Za-z0-9._-]+)*");

    private static Spiffe parse(String text) {
      boolean below = text.endsWith("/*");
      String id = below ? text.substring(0, text.length() - 2) : text;
      if (!isId(id)) {
        throw new IllegalArgumentException("is no SPIFFE ID");
      }
      return new Spiffe(id, below);
    }

    /** By the SPIFFE-ID standard, sections 2.1 and 2.2. */
    public static boolean isId(String text) {
      return text.length() <= 2048
          && ID.matcher(text).matches()
          && !text.contains("/./")
          && !text.contains("/../")
          && !text.endsWith("/.")
          && !text.endsWith("/..");
    }

    @Override
    public boolean allows(Names names) {
      return names.spiffeId().filter(this::covers).isPresent();
    }

    private boolean covers(String presented) {
      return below
          ? presented.length() > id.length() + 1
              && presented.startsWith(id)
              && presented.charAt(id.length()) == '/'
          : presented.equals(id);
    }

    @Override
    public String toString() {
      return below ? id + "/*" : id;
    }
  }

  /**
   * A DNS name of the subject alternative names. A wildcard stands for exactly one left-most label
   * (RFC 9525 section 6.3); a wildcard that a certificate itself holds means nothing here, since no
   * client has that name.
   */
  record Dns(HostPattern name) implements AllowRule {
    private static Dns parse(String text) {
      HostPattern name;
      try {
        name = HostPattern.parse(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            text.lastIndexOf('*') > 0
                ? "has a wildcard that is not the whole left-most label"
                : "is no DNS name",
            e);
      }
      if (name.suffix().indexOf(':') >= 0) {
        throw new IllegalArgumentException("is an address, no DNS name");
      }
      if (name.wildcard() && name.suffix().indexOf('.') < 0) {
        throw new IllegalArgumentException("has a wildcard for a whole top-level domain");
      }
      return new Dns(name);
    }

    @Override
    public boolean allows(Names names) {
      for (String presented : names.dns()) {
        if (covers(presented.toLowerCase(Locale.ROOT))) {
          return true;
        }
      }
      return false;
    }

    private boolean covers(String presented) {
      if (!name.wildcard()) {
        return presented.equals(name.suffix());
      }
      int dot = presented.indexOf('.');
      return dot > 0
          && !presented.startsWith("*")
          && presented.length() - dot - 1 == name.suffix().length()
          && presented.endsWith(name.suffix());
    }

    @Override
    public String toString() {
      return "dns:" + name;
    }
  }

  /**
   * A mailbox of the subject alternative names, or all of a domain (RFC 5280 section 4.2.1.6).
   *
   * @param local the part before the @, in which case counts; empty for a whole domain
   * @param domain in lower case
   */
  record Email(String local, String domain) implements AllowRule {
    private static Email parse(String text) {
      int at = text.lastIndexOf('@');
      String domain = text.substring(at + 1).toLowerCase(Locale.ROOT);
      if (at < 0 || text.indexOf('@') != at || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
        throw new IllegalArgumentException("is neither an e-mail address nor \"@domain\"");
      }
      HostPattern host;
      try {
        host = HostPattern.parse(domain);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("has no domain behind the @", e);
      }
      if (host.wildcard()) {
        throw new IllegalArgumentException("has a wildcard: \"@domain\" allows all of a domain");
      }
      return new Email(text.substring(0, at), domain);
    }

    @Override
    public boolean allows(Names names) {
      for (String presented : names.emails()) {
        int at = presented.lastIndexOf('@');
        if (at > 0
            && presented.substring(at + 1).equalsIgnoreCase(domain)
            && (local.isEmpty() || presented.substring(0, at).equals(local))) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String toString() {
      return "email:" + local + "@" + domain;
    }
  }

  /** The whole subject, compared attribute by attribute (RFC 5280 section 7.1). */
  record Subject(X500Principal name) implements AllowRule {
    private static Subject parse(String text) {
      try {
        X500Principal name = new X500Principal(text);
        if (name.getName().isEmpty()) {
          throw new IllegalArgumentException("is empty");
        }
        return new Subject(name);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("is no distinguished name (RFC 4514)", e);
      }
    }

    @Override
    public boolean allows(Names names) {
      return name.equals(names.subject());
    }

    @Override
    public String toString() {
      return "subject:" + name.getName();
    }
  }

  /** One certificate. */
  record Fingerprint(String hex) implements AllowRule {
    private static final int DIGITS = 64;

    private static Fingerprint parse(String text) {
      String digits = text.replace(":", "").toLowerCase(Locale.ROOT);
      boolean hex = digits.length() == DIGITS && digits.chars().allMatch(HexFormat::isHexDigit);
      if (!hex) {
        throw new IllegalArgumentException("is no SHA-256 fingerprint of 64 hex digits");
      }
      return new Fingerprint(digits);
    }

    @Override
    public boolean allows(Names names) {
      return hex.equals(names.fingerprint());
    }

    @Override
    public String toString() {
      return "sha256:" + hex;
    }
  }
}
