package io.lockgate.admin;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;

/**
 * A request to the admin endpoint, copied out of what the network gave.
 *
 * @param path as sent, without the query; never decoded, so that a path has one spelling only
 * @param localAddress where the client reached us
 */
@SuppressWarnings("ArrayRecordComponent") // requests are never compared
record AdminRequest(
    String method, String path, HttpHeaders fields, byte[] body, InetAddress localAddress) {

  static AdminRequest of(FullHttpRequest request, InetAddress localAddress) {
    String target = request.uri();
    int query = target.indexOf('?');
    return new AdminRequest(
        request.method().name(),
        query < 0 ? target : target.substring(0, query),
        request.headers(),
        ByteBufUtil.getBytes(request.content()),
        localAddress);
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
