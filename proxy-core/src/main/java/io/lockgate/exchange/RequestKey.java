package io.lockgate.exchange;

import io.lockgate.config.model.RequestLimit.Key;
import io.lockgate.http.FieldSection;
import io.lockgate.http.ForwardedFields;
import io.lockgate.http.RequestHead;
import io.lockgate.limit.RequestLimiter;
import java.nio.charset.StandardCharsets;

/**
 * Under which key a request counts for a limit. Pure; without objects where the key is an address.
 */
final class RequestKey {
  private RequestKey() {}

  /** What {@link RequestLimiter#take} answers for the request. */
  static long take(RequestLimiter limiter, RequestHead head, ClientFacts client) {
    Key key = limiter.key();
    if (key instanceof Key.Everything) {
      return limiter.take();
    } else if (key instanceof Key.Field field) {
      FieldSection fields = head.fields();
      int index = fields.find(field.name());
      if (index >= 0) {
        return limiter.take(fields.bytes(), fields.valueStart(index), fields.valueEnd(index));
      }
    } else if (key instanceof Key.ClientCertificate) {
      String subject = client.tls().clientSubject();
      if (!subject.isEmpty()) {
        byte[] text = subject.getBytes(StandardCharsets.UTF_8);
        return limiter.take(text, 0, text.length);
      }
    } else if (!(key instanceof Key.ClientAddress)) {
      throw new AssertionError(key);
    }
    ForwardedFields.ForConnection forwarded = client.forwarded();
    forwarded.resolve(head);
    return limiter.take(forwarded.networkHigh(), forwarded.networkLow());
  }
}
