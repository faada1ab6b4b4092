package io.lockgate.app;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * What is asked for: an {@code https} URL taken apart.
 *
 * @param host a name or an address, without brackets
 * @param authority for the field Host
 * @param path with the query; begins with a slash
 */
record ProbeTarget(String host, int port, String authority, String path) {
  private static final int HTTPS = 443;

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException with a sentence for whoever typed it
   */
  static ProbeTarget of(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("\"" + url + "\" is not a URL: " + e.getReason(), e);
    }
    if (!"https".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "\"" + url + "\" is not of the form https://HOST[:PORT][/PATH]");
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException("a probe sends no user name or password");
    }
    String host = uri.getHost();
    boolean literal = host.startsWith("[");
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return new ProbeTarget(
        literal ? host.substring(1, host.length() - 1) : host,
        uri.getPort() < 0 ? HTTPS : uri.getPort(),
        uri.getPort() < 0 || uri.getPort() == HTTPS ? host : host + ":" + uri.getPort(),
        path + query);
  }
}
