package io.lockgate.admin;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request to the admin endpoint, copied out of what the network gave.
 *
 * @param path as sent, without the query; never decoded, so that a path has one spelling only
 * @param query its parameters
 * @param localAddress where the client reached us
 */
@SuppressWarnings("ArrayRecordComponent") // requests are never compared
record AdminRequest(
    String method,
    String path,
    Map<String, List<String>> query,
    HttpHeaders fields,
    byte[] body,
    InetAddress localAddress) {

  static AdminRequest of(FullHttpRequest request, InetAddress localAddress) {
    String target = request.uri();
    int query = target.indexOf('?');
    return new AdminRequest(
        request.method().name(),
        query < 0 ? target : target.substring(0, query),
        parameters(target),
        request.headers(),
        ByteBufUtil.getBytes(request.content()),
        localAddress);
  }

  /** Decoded; a query that cannot be is none. */
  private static Map<String, List<String>> parameters(String target) {
    try {
      return new QueryStringDecoder(target).parameters();
    } catch (IllegalArgumentException e) {
      return Map.of();
    }
  }

  /** The first value of a parameter of the query. */
  Optional<String> parameter(String name) {
    return query.getOrDefault(name, List.of()).stream().findFirst();
  }

  boolean reads() {
    return method.equals("GET") || method.equals("HEAD");
  }

  List<String> hosts() {
    return fields.getAll(HttpHeaderNames.HOST);
  }

  /** The value of a field, empty where it is missing. */
  String field(CharSequence name) {
    return fields.get(name, "");
  }
}
