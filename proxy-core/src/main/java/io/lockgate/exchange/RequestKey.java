package io.lockgate.exchange;

import io.lockgate.config.model.RequestLimit;
import io.lockgate.http.FieldSection;
import io.lockgate.http.ForwardedFields;
import io.lockgate.http.RequestHead;
import io.lockgate.limit.RequestLimiter;
import io.lockgate.pki.ClientIdentity;
import io.lockgate.tls.TlsFacts;
import java.nio.charset.StandardCharsets;

/**
 * Under which key a request counts for a limit. Pure; without objects where the key is an address.
 */
final class RequestKey {
  private RequestKey() {}

  /** What {@link RequestLimiter#take} answers for the request. */
  static long take(RequestLimiter limiter, RequestHead head, ClientFacts client) {
    RequestLimit.Key key = limiter.key();
    if (key instanceof RequestLimit.Key.Everything) {
      return limiter.take();
    } else if (key instanceof RequestLimit.Key.Field field) {
      FieldSection fields = head.fields();
      int index = fields.find(field.name());
      if (index >= 0) {
        return limiter.take(fields.bytes(), fields.valueStart(index), fields.valueEnd(index));
      }
    } else if (key instanceof RequestLimit.Key.ClientCertificate) {
      String name = certificate(client.tls());
      if (!name.isEmpty()) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return limiter.take(text, 0, text.length);
      }
    } else if (!(key instanceof RequestLimit.Key.ClientAddress)) {
      throw new AssertionError(key);
    }
    ForwardedFields.ForConnection forwarded = client.forwarded();
    forwarded.resolve(head);
    return limiter.take(forwarded.networkHigh(), forwarded.networkLow());
  }

  /** The subject outlives a renewal; certificates for machines may have none. */
  private static String certificate(TlsFacts tls) {
    return tls.clientSubject().isEmpty()
        ? tls.client().map(ClientIdentity::fingerprint).orElse("")
        : tls.clientSubject();
  }
}
