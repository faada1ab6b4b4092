package io.lockgate.pki;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name by which a server is asked for, and whether what a certificate says covers it (RFC
 * 9525). A DNS name is matched against DNS names alone and an IP address against IP addresses
 * alone; the common name never counts. Pure.
 */
public final class ReferenceName {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
  private static final Pattern DOTTED = Pattern.compile("[0-9.]+");

  private final String text;
  private final byte[] address;
  private final String[] labels;

  private ReferenceName(String text, byte[] address, String[] labels) {
    this.text = text;
    this.address = address;
    this.labels = labels;
  }

  /**
   * @param host a name or an IP literal without brackets, as an operator writes it
   */
  public static ReferenceName of(String host) {
    if (host.indexOf(':') >= 0 || DOTTED.matcher(host).matches()) {
      return new ReferenceName(host, octets(host), new String[0]);
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    return new ReferenceName(name, new byte[0], name.split("\\.", -1));
  }

  /** Whether it is an address, which has no place in SNI (RFC 6066 section 3). */
  public boolean isAddress() {
    return address.length > 0;
  }

  /** In lower case, without a trailing dot. */
  public String text() {
    return text;
  }

  boolean isCoveredBy(SubjectNames names) {
    if (isAddress()) {
      return names.addresses().stream()
          .anyMatch(presented -> Arrays.equals(presented.getAddress(), address));
    }
    return names.dns().stream().anyMatch(this::matches);
  }

  /** RFC 9525 section 6.3: label by label, of which only the left-most can be a whole wildcard. */
  private boolean matches(String presented) {
    String[] theirs = presented.toLowerCase(Locale.ROOT).split("\\.", -1);
    if (theirs.length != labels.length) {
      return false;
    }
    boolean wildcard = theirs[0].equals("*");
    if (wildcard && (labels.length < 3 || !LABEL.matcher(labels[0]).matches())) {
      return false; // a wildcard for everything below a single label speaks for strangers
    }
    for (int i = wildcard ? 1 : 0; i < labels.length; i++) {
      if (!LABEL.matcher(theirs[i]).matches() || !theirs[i].equals(labels[i])) {
        return false;
      }
    }
    return true;
  }

  private static byte[] octets(String literal) {
    try {
      return InetAddress.getByName(literal).getAddress(); // a literal is not looked up
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal + " is not an IP address", e);
    }
  }

  /** For a sentence about a certificate that does not cover it. */
  static String listed(SubjectNames names) {
    List<String> dns = names.dns();
    if (dns.isEmpty() && names.addresses().isEmpty()) {
      return "names nobody in its subject alternative names";
    }
    StringBuilder list = new StringBuilder("is for ");
    int told = 0;
    for (String name : dns) {
      if (told++ < 4) {
        list.append(told > 1 ? ", " : "").append(Shown.of(name));
      }
    }
    for (InetAddress presented : names.addresses()) {
      if (told++ < 4) {
        list.append(told > 1 ? ", " : "").append(presented.getHostAddress());
      }
    }
    return told > 4 ? list.append(" and others").toString() : list.toString();
  }

  /** What a stranger wrote, made fit for a line of log. */
  private static final class Shown {
    private static final int LONGEST = 80;

    static String of(String text) {
      String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
      return cut.chars().allMatch(c -> c > ' ' && c < 0x7f) ? cut : cut.replaceAll("[^!-~]", "?");
    }
  }
}
