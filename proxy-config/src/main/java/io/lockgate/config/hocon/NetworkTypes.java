package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.Parsed.bad;
import static io.lockgate.config.hocon.Parsed.good;

import io.lockgate.config.model.AllowRule;
import io.lockgate.config.model.BalanceConfig.HashKey;
import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.CidrBlock;
import io.lockgate.config.model.FieldTemplate;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.PathTemplate;
import io.lockgate.config.model.UpstreamConfig;
import java.net.IDN;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Values of the network: addresses, names, header fields, paths, patterns. */
final class NetworkTypes {
  static final ValueType LISTEN_ADDRESS = new ValueType("address", NetworkTypes::parseAddress);
  static final ValueType SERVER_ADDRESS = new ValueType("address", NetworkTypes::parseServer);
  static final ValueType CIDR = new ValueType("address block", NetworkTypes::parseCidr);
  static final ValueType HOST_NAME = new ValueType("host name", NetworkTypes::parseHost);
  static final ValueType KEY_PIN = new ValueType("key pin", NetworkTypes::parseKeyPin);
  static final ValueType METHOD = new ValueType("method", NetworkTypes::parseMethod);
  static final ValueType FIELD_NAME = new ValueType("field name", NetworkTypes::parseFieldName);
  static final ValueType FIELD_VALUE = new ValueType("field value", NetworkTypes::parseFieldValue);
  static final ValueType FIELD_TEMPLATE =
      new ValueType("field value", NetworkTypes::parseFieldTemplate);
  static final ValueType URL_PATH = new ValueType("URL path", NetworkTypes::parseUrlPath);
  static final ValueType ROUTE_PATH = new ValueType("URL path", NetworkTypes::parseRoutePath);
  static final ValueType PATH_TEMPLATE =
      new ValueType("URL path with groups", NetworkTypes::parsePathTemplate);
  static final ValueType LOCATION = new ValueType("URL", NetworkTypes::parseLocation);
  static final ValueType REGEX = new ValueType("regular expression", NetworkTypes::parseRegex);
  static final ValueType HASH_KEY = new ValueType("hash key", NetworkTypes::parseHashKey);
  static final ValueType ALLOW_RULE = new ValueType("rule", NetworkTypes::parseAllowRule);
  static final ValueType TOKEN = new ValueType("text", NetworkTypes::parseToken);

  /** RFC 7301 section 3.1; of the octets that it allows those that can be written. */
  static final ValueType PROTOCOL_NAME = new ValueType("protocol", NetworkTypes::parseProtocol);

  /** RFC 9110 section 5.6.2. */
  private static final Pattern TCHARS = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** Lockgate frames messages itself, so these are never an operator's to write. */
  private static final Set<String> FRAMING =
      Set.of(
          "connection",
          "content-length",
          "http2-settings",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private NetworkTypes() {}

  private static Parsed parseProtocol(String text) {
    return text.matches("[!-~]{1,255}")
        ? good(text)
        : bad(
            "bad-protocol",
            Quoted.inMessage(text) + " is not the name of a protocol",
            "such as mqtt, postgresql or acme-tls/1");
  }

  private static Parsed parseAddress(String text) {
    Optional<HostAndPort> parts = HostAndPort.split(text, 0);
    if (parts.isEmpty()) {
      return bad(
          "bad-address",
          Quoted.inMessage(text) + " is not an address with a port",
          "such as \"0.0.0.0:8443\", \"[::]:8443\" or \"127.0.0.1:8443\"");
    }
    if (!isIpLiteral(parts.get().host())) {
      return bad(
          "bad-address",
          Quoted.inMessage(text) + " does not begin with an IP address",
          "write the IP address to listen on; names are not looked up here");
    }
    return good(new BindAddress(parts.get().host(), parts.get().port()));
  }

  private static Parsed parseServer(String text) {
    if (text.startsWith("unix:")) {
      return parseUnix(text);
    }
    Optional<HostAndPort> parts = HostAndPort.split(text, 1);
    String hint =
        "such as \"127.0.0.1:9001\", \"[::1]:80\", \"app.internal:8080\" or"
            + " \"unix:/run/app.sock\"";
    if (parts.isEmpty()) {
      return bad("bad-address", Quoted.inMessage(text) + " is not an address with a port", hint);
    }
    String host = parts.get().host();
    if (isIpLiteral(host)) {
      return good(new UpstreamConfig.Server(host, parts.get().port(), 1));
    }
    try {
      HostPattern name = HostPattern.parse(toAscii(host));
      if (!name.wildcard() && !looksLikeIpv4(name.suffix())) {
        return good(new UpstreamConfig.Server(name.suffix(), parts.get().port(), 1));
      }
    } catch (IllegalArgumentException e) {
      // Answered below, in the words of an address.
    }
    return bad("bad-address", Quoted.inMessage(text) + " is not a server's address", hint);
  }

  /** The kernel takes 107 octets and no more. */
  private static Parsed parseUnix(String text) {
    String path = text.substring("unix:".length());
    return path.matches("/[\\x21-\\x7e]{1,106}")
        ? good(UpstreamConfig.Server.unix(path))
        : bad(
            "bad-address",
            Quoted.inMessage(text) + " is not the path of a Unix socket",
            "an absolute path of at most 107 characters, such as \"unix:/run/app.sock\"");
  }

  private static Parsed parseHashKey(String text) {
    if (text.equals("client-ip")) {
      return good(new HashKey(HashKey.Source.CLIENT_IP, ""));
    }
    int colon = text.indexOf(':');
    String source = colon < 0 ? text : text.substring(0, colon);
    String name = text.substring(colon + 1);
    boolean header = source.equals("header");
    if (colon < 0 || !(header || source.equals("cookie")) || !TCHARS.matcher(name).matches()) {
      return bad(
          "bad-hash-key",
          Quoted.inMessage(text) + " is nothing that a request could be known by",
          "client-ip, \"header:NAME\" or \"cookie:NAME\"");
    }
    return good(new HashKey(header ? HashKey.Source.HEADER : HashKey.Source.COOKIE, name));
  }

  static boolean isIpLiteral(String host) {
    try {
      CidrBlock.parse(host);
      return host.indexOf('/') < 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean looksLikeIpv4(String host) {
    return host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  private static Parsed parseCidr(String text) {
    try {
      String address = text.indexOf('/') < 0 ? text : text.substring(0, text.indexOf('/'));
      if (!isIpLiteral(address)) {
        throw new IllegalArgumentException("not an IP address block: " + text);
      }
      return good(CidrBlock.parse(text));
    } catch (IllegalArgumentException e) {
      return bad(
          "bad-address-block",
          Quoted.inMessage(text) + " is not an address block (" + reason(e, text) + ")",
          "such as \"10.0.0.0/8\", \"fd00::/8\" or \"192.0.2.1\"");
    }
  }

  private static String reason(IllegalArgumentException e, String text) {
    return e.getMessage().replace(": " + text, "");
  }

  static Parsed parseHost(String text) {
    try {
      HostPattern pattern = HostPattern.parse(toAscii(text));
      boolean literal = pattern.suffix().indexOf(':') >= 0 || looksLikeIpv4(pattern.suffix());
      if (literal && !isIpLiteral(pattern.suffix())) {
        return bad("bad-host-name", Quoted.inMessage(text) + " is not an IP address", "");
      }
      return good(pattern);
    } catch (IllegalArgumentException e) {
      String complaint = e.getMessage() == null ? "not a host name" : e.getMessage();
      return bad(
          "bad-host-name",
          Quoted.inMessage(text) + " cannot be a host's name",
          complaint.startsWith("only the left-most")
              ? "only the left-most label can be a wildcard, as in \"*.example.com\""
              : "such as \"www.example.com\", \"*.example.com\" or \"192.0.2.1\"");
    }
  }

  /** A-labels, as they travel in SNI (RFC 6066 section 3). */
  private static String toAscii(String name) {
    if (name.chars().allMatch(c -> c < 0x80)) {
      return name;
    }
    return name.startsWith("*.") ? "*." + IDN.toASCII(name.substring(2)) : IDN.toASCII(name);
  }

  private static Parsed parseKeyPin(String text) {
    String digest = text.startsWith("sha256:") ? text.substring("sha256:".length()) : "";
    try {
      byte[] octets =
          digest.length() == 64
              ? HexFormat.of().parseHex(digest.toLowerCase(Locale.ROOT))
              : Base64.getDecoder().decode(digest);
      if (octets.length == 32) {
        return good(HexFormat.of().formatHex(octets));
      }
    } catch (IllegalArgumentException e) {
      // Neither of the two forms.
    }
    return bad(
        "bad-pin",
        Quoted.inMessage(text) + " is not a pin",
        "\"sha256:\" and 64 hex digits, or the same 32 octets in Base64");
  }

  private static Parsed parseMethod(String text) {
    if (!TCHARS.matcher(text).matches()) {
      return bad("bad-method", Quoted.inMessage(text) + " is not a method", "such as GET or POST");
    }
    String upper = text.toUpperCase(Locale.ROOT);
    return text.equals(upper)
        ? good(text)
        : bad(
            "bad-method",
            Quoted.inMessage(text) + " is not a method that clients send",
            "methods are case-sensitive: write " + upper);
  }

  static Parsed parseFieldName(String text) {
    if (!TCHARS.matcher(text).matches()) {
      return bad(
          "bad-header-name",
          Quoted.inMessage(text) + " is not a header field's name",
          "letters, digits and dashes, as in X-Request-Id");
    }
    if (FRAMING.contains(text.toLowerCase(Locale.ROOT))) {
      return bad(
          "forbidden-header",
          Quoted.inMessage(text) + " belongs to the framing of messages and cannot be edited",
          "Lockgate writes this field itself, for each connection");
    }
    return good(text);
  }

  private static Parsed parseFieldValue(String text) {
    // RFC 9110 section 5.5; a value from a file has no business with obs-text.
    if (!text.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c < 0x7f))) {
      return bad(
          "bad-header-value",
          Quoted.inMessage(text) + " holds characters that no header field may hold",
          "no line breaks, no control characters, ASCII only");
    }
    return good(text.strip());
  }

  private static Parsed parseFieldTemplate(String text) {
    Parsed value = parseFieldValue(text);
    if (value instanceof Parsed.Bad) {
      return value;
    }
    try {
      FieldTemplate.parse(text);
      return value;
    } catch (IllegalArgumentException e) {
      return bad(
          "bad-header-value",
          Quoted.inMessage(text) + " is not a value with variables: " + e.getMessage(),
          "such as \"%{client-address}\"; write %%{ for %{ itself");
    }
  }

  private static Parsed parseUrlPath(String text) {
    if (!text.startsWith("/")) {
      return bad(
          "bad-path",
          Quoted.inMessage(text) + " does not begin with a slash",
          "write " + Quoted.inMessage("/" + text));
    }
    if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
      return bad(
          "bad-path",
          Quoted.inMessage(text) + " holds more than a path",
          "a route looks at the path only; leave out what follows ? or #");
    }
    return text.chars().allMatch(c -> c > 0x20 && c < 0x7f)
        ? good(text)
        : bad(
            "bad-path",
            Quoted.inMessage(text) + " holds characters that never stand in a request",
            "write them percent-encoded, as clients send them");
  }

  /** Paths are compared in their normal form, so that another form would never match. */
  private static Parsed parseRoutePath(String text) {
    Parsed path = parseUrlPath(text);
    if (path instanceof Parsed.Bad) {
      return path;
    }
    return text.contains("//") || text.indexOf(';') >= 0 || !isNormal(text)
        ? bad(
            "bad-path",
            Quoted.inMessage(text) + " is not in the form in which paths are compared",
            "no empty segments, no . or .. segments, no ; and no backslash")
        : good(text);
  }

  private static boolean isNormal(String path) {
    String decoded = path.replaceAll("%2[eE]", ".").replaceAll("%2[fF]", "/");
    boolean encoded = !path.matches(".*%(?![0-9A-Fa-f]{2}).*") && !path.contains("%00");
    return encoded
        && !decoded.matches("(?i).*(\\\\|%5c).*")
        && !decoded.matches(".*/\\.\\.?(;[^/]*)?(/.*)?");
  }

  private static Parsed parsePathTemplate(String text) {
    Parsed path = parseUrlPath(text);
    if (path instanceof Parsed.Bad) {
      return path;
    }
    if (!isNormal(text)) {
      return bad(
          "bad-path",
          Quoted.inMessage(text) + " is no path that could be forwarded",
          "no . or .. segments, no backslash, and two hex digits behind each %");
    }
    try {
      return good(PathTemplate.parse(text));
    } catch (IllegalArgumentException e) {
      return bad(
          "bad-path",
          Quoted.inMessage(text) + " is not a path with groups: " + e.getMessage(),
          "such as \"/new/$1\"; write a dollar sign as $$");
    }
  }

  private static Parsed parseLocation(String text) {
    boolean clean = text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    return clean && text.matches("(?i:https?)://[^/].*|/.*")
        ? good(text)
        : bad(
            "bad-location",
            Quoted.inMessage(text) + " is not a place to redirect to",
            "a URL such as \"https://www.example.com/new\", or a path such as \"/new\"");
  }

  private static Parsed parseRegex(String text) {
    try {
      return good(Pattern.compile(text).pattern());
    } catch (PatternSyntaxException e) {
      return bad(
          "bad-regex",
          Quoted.inMessage(text) + " is not a regular expression: " + e.getDescription(),
          "the syntax is that of java.util.regex; in double quotes, write each backslash twice");
    }
  }

  private static Parsed parseAllowRule(String text) {
    try {
      return good(AllowRule.parse(text));
    } catch (IllegalArgumentException e) {
      return bad(
          "bad-allow-rule",
          Quoted.inMessage(text) + " " + e.getMessage(),
          "such as \"spiffe://corp/billing\", \"spiffe://corp/*\", \"dns:*.example.com\","
              + " \"email:@example.com\", \"subject:CN=a,O=b\" or \"sha256:\" and 64 hex digits");
    }
  }

  private static Parsed parseToken(String text) {
    return text.matches("[\\x21-\\x7e]+")
        ? good(text)
        : bad(
            "bad-token",
            text.isEmpty() ? "is empty" : "holds characters that cannot stand in a header field",
            "visible ASCII characters without spaces");
  }

  /** The two halves of {@code host:port} or {@code [v6]:port}. */
  private record HostAndPort(String host, int port) {
    static Optional<HostAndPort> split(String text, int leastPort) {
      int colon = text.lastIndexOf(':');
      if (colon <= 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
        return Optional.empty();
      }
      int port = Integer.parseInt(text.substring(colon + 1));
      String host = text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      // Without brackets nobody can tell where an IPv6 address ends and the port begins.
      if (port < leastPort || port > 65535 || bracketed != (host.indexOf(':') >= 0)) {
        return Optional.empty();
      }
      return Optional.of(
          new HostAndPort(bracketed ? host.substring(1, host.length() - 1) : host, port));
    }
  }
}
