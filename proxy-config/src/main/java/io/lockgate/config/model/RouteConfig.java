package io.lockgate.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which requests of a host are answered how; the first match wins.
 *
 * @param methods empty means any
 * @param stripPrefix taken off the front of the path before it is forwarded
 * @param rewrite makes another path of it before it is forwarded; never together with stripPrefix
 * @param timeout bound of the whole exchange; empty means none beyond the upstream's own
 * @param maxBody bound of the request content in bytes
 * @param retry what it says of retries itself; the rest is as at the upstream
 * @param limit how many requests are let through
 * @param compression of responses; empty leaves them as they are
 */
public record RouteConfig(
    Match match,
    List<String> methods,
    RouteAction action,
    Optional<String> stripPrefix,
    Optional<Rewrite> rewrite,
    Optional<Duration> timeout,
    OptionalLong maxBody,
    Optional<Retry> retry,
    RequestLimit.Choice limit,
    Optional<CompressionConfig> compression,
    FieldEdits requestHeaders,
    FieldEdits responseHeaders) {

  public RouteConfig {
    methods = List.copyOf(methods);
  }

  /** A route that retries as its upstream does. */
  public RouteConfig(
      Match match,
      List<String> methods,
      RouteAction action,
      Optional<String> stripPrefix,
      Optional<Rewrite> rewrite,
      Optional<Duration> timeout,
      OptionalLong maxBody,
      RequestLimit.Choice limit,
      Optional<CompressionConfig> compression,
      FieldEdits requestHeaders,
      FieldEdits responseHeaders) {
    this(
        match,
        methods,
        action,
        stripPrefix,
        rewrite,
        timeout,
        maxBody,
        Optional.empty(),
        limit,
        compression,
        requestHeaders,
        responseHeaders);
  }

  /** A route that forwards paths as they are, but for a prefix. */
  public RouteConfig(
      Match match,
      List<String> methods,
      RouteAction action,
      Optional<String> stripPrefix,
      Optional<Duration> timeout,
      OptionalLong maxBody,
      RequestLimit.Choice limit,
      FieldEdits requestHeaders,
      FieldEdits responseHeaders) {
    this(
        match,
        methods,
        action,
        stripPrefix,
        Optional.empty(),
        timeout,
        maxBody,
        limit,
        Optional.empty(),
        requestHeaders,
        responseHeaders);
  }

  /**
   * Another path for one that fits.
   *
   * @param regex must match the whole path
   * @param to the path to forward, with the groups of the expression in it
   */
  public record Rewrite(String regex, PathTemplate to) {}

  /**
   * What holds for requests of one route instead of what their upstream says.
   *
   * @param attempts further attempts after the first
   * @param perTryTimeout as in {@link UpstreamConfig.Retry}; zero means no bound
   */
  public record Retry(
      OptionalInt attempts,
      Optional<List<UpstreamConfig.Retry.Condition>> on,
      Optional<Duration> perTryTimeout) {}

  /** What a path is compared with. */
  public sealed interface Match {
    /** The path itself and everything below it: /api matches /api and /api/x, not /apix. */
    record Prefix(String path) implements Match {
      /** Written out as every start comes here: what Java makes of a record is made at run time. */
      @Override
      public int hashCode() {
        return path.hashCode();
      }
    }

    record Exact(String path) implements Match {}

    /** A regular expression (java.util.regex) that must match the whole path. */
    record Regex(String pattern) implements Match {}
  }
}
