package io.lockgate.admin;

import io.lockgate.config.model.AdminConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask what. A web page that the operator happens to visit can make the browser send
 * requests here: under a name that was rebound to this address (then {@code Host} is foreign) or
 * across origins (then {@code Origin} is foreign). Both are refused, whatever they ask for.
 *
 * <p>With a token, changes need it; where others than this machine can connect, everything needs it
 * but {@code /livez} and {@code /readyz}, which orchestrators ask and which tell nothing else, and
 * the scripts of the dashboard, which are the same everywhere.
 */
final class AdminGuard {
  private static final Set<String> OPEN_PATHS = Set.of("/livez", "/readyz");
  private static final Set<String> OWN_SITES = Set.of("", "none", "same-origin");
  private static final String BEARER = "bearer ";

  private final InetAddress bound;
  private final Optional<byte[]> token;

  /**
   * @throws IllegalArgumentException if others can connect and there is no token
   */
  AdminGuard(AdminConfig config) {
    this.bound = config.address().toSocketAddress().getAddress();
    this.token =
        config
            .token()
            .map(AdminConfig.Secret::value)
            .filter(value -> !value.isEmpty())
            .map(value -> value.getBytes(StandardCharsets.UTF_8));
    if (!bound.isLoopbackAddress() && token.isEmpty()) {
      throw new IllegalArgumentException(
          "the admin address " + config.address() + " is not loopback, so it needs a token");
    }
  }

  /** The refusal, or nothing where the request may pass. */
  Optional<AdminResponse> refuse(AdminRequest request) {
    List<String> hosts = request.hosts();
    if (hosts.size() != 1) {
      return refusal(400, "one Host field is required", "HTTP/1.1 demands it");
    }
    if (!isOurs(hosts.get(0), request.localAddress())) {
      return refusal(
          403, "foreign Host", "use the address that the admin endpoint is bound to, or localhost");
    }
    if (isForeign(request.field(HttpHeaderNames.ORIGIN), hosts.get(0))
        || !OWN_SITES.contains(request.field("sec-fetch-site"))) {
      return refusal(403, "foreign Origin", "the admin endpoint serves no other web page");
    }
    if (needsToken(request) && !hasToken(request.field(HttpHeaderNames.AUTHORIZATION))) {
      return refusal(401, "token required", "send Authorization: Bearer TOKEN (admin.token)")
          .map(response -> response.with("WWW-Authenticate", "Bearer realm=\"lockgate\""));
    }
    return Optional.empty();
  }

  private boolean needsToken(AdminRequest request) {
    if (token.isEmpty()) {
      return false;
    }
    boolean remote = !bound.isLoopbackAddress();
    boolean open = OPEN_PATHS.contains(request.path()) || DashboardFiles.holds(request.path());
    return !request.reads() || (remote && !open);
  }

  private boolean hasToken(String authorization) {
    if (!authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return false;
    }
    String given = authorization.substring(BEARER.length()).trim();
    // Takes the same time wherever the first difference is.
    return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token.orElseThrow());
  }

  private boolean isOurs(String host, InetAddress localAddress) {
    Optional<String> name = nameOf(host);
    if (name.isEmpty()) {
      return false;
    }
    if (name.get().equalsIgnoreCase("localhost")) {
      return true;
    }
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(name.get());
    return literal != null
        && (isLocal(literal)
            || Arrays.equals(literal, bound.getAddress())
            || (bound.isAnyLocalAddress() && Arrays.equals(literal, localAddress.getAddress())));
  }

  private static boolean isLocal(byte[] literal) {
    return Arrays.equals(literal, NetUtil.LOCALHOST4.getAddress())
        || Arrays.equals(literal, NetUtil.LOCALHOST6.getAddress());
  }

  /** The name or literal in front of the port, or nothing where the value has another form. */
  private static Optional<String> nameOf(String host) {
    int end = host.startsWith("[") ? host.indexOf(']') + 1 : portColon(host);
    String port = host.substring(end);
    boolean wellFormed = end > 0 && (port.isEmpty() || port.matches(":[0-9]{1,5}"));
    return wellFormed ? Optional.of(host.substring(0, end)) : Optional.empty();
  }

  private static int portColon(String host) {
    int colon = host.indexOf(':');
    return colon < 0 ? host.length() : colon;
  }

  private static boolean isForeign(String origin, String host) {
    return !origin.isEmpty()
        && !origin.equalsIgnoreCase("http://" + host)
        && !origin.equalsIgnoreCase("https://" + host);
  }

  private static Optional<AdminResponse> refusal(int status, String error, String hint) {
    return Optional.of(AdminResponse.error(status, error, hint));
  }
}
