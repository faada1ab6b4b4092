package io.lockgate.route;

import io.lockgate.coding.Compression;
import io.lockgate.http.CompiledEdits;
import io.lockgate.http.Method;
import io.lockgate.http.RequestHead;
import io.lockgate.limit.RequestLimiter;
import io.lockgate.upstream.RetryTerms;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One compiled route. Immutable; read by every event loop.
 *
 * @param methods methods with a name of their own; empty together with {@code otherMethods} means
 *     any
 * @param otherMethods methods without
 * @param stripPrefix octets of the normalised path that are not forwarded
 * @param rewrite what is forwarded instead of the path, if anything
 * @param retry when a request is sent again, of requests that are forwarded
 * @param timeoutNanos bound of the whole exchange, 0 for none
 * @param limiter what it is held to, if to anything
 * @param compression of what servers answer, if any is done
 * @param maxBody bound of the request's content, or {@link Long#MAX_VALUE}
 */
public record Route(
    PathMatch match,
    Set<Method> methods,
    Set<String> otherMethods,
    Action action,
    int stripPrefix,
    Optional<PathRewrite> rewrite,
    long timeoutNanos,
    long maxBody,
    RetryTerms retry,
    Optional<RequestLimiter> limiter,
    Optional<Compression> compression,
    CompiledEdits requestEdits,
    CompiledEdits responseEdits) {

  /** A route of our own that answers without being configured. */
  static Route local(Action action) {
    return new Route(
        PathMatch.ANY,
        EnumSet.noneOf(Method.class),
        Set.of(),
        action,
        0,
        Optional.empty(),
        0,
        Long.MAX_VALUE,
        RetryTerms.NEVER,
        Optional.empty(),
        Optional.empty(),
        CompiledEdits.NONE,
        CompiledEdits.NONE);
  }

  boolean allows(RequestHead head) {
    if (methods.isEmpty() && otherMethods.isEmpty()) {
      return true;
    }
    return head.method() == Method.OTHER
        ? otherMethods.contains(head.methodText())
        : methods.contains(head.method());
  }
}
