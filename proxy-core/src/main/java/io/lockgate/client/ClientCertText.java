package io.lockgate.client;

import io.lockgate.config.model.ClientAuthConfig.Forward;
import io.lockgate.http.ClientCertFields;
import io.lockgate.pki.ClientIdentity;
import java.util.List;

/** Writes what upstreams are told of a client's certificate. Pure; once a connection. */
public final class ClientCertText {
  private ClientCertText() {}

  public static ClientCertFields fields(ClientIdentity client, List<Forward> forward) {
    ClientCertFields fields = ClientCertFields.NONE;
    for (Forward kind : forward) {
      fields =
          switch (kind) {
            case CLIENT_CERT -> fields.withCertificate(client.encoded(), client.encodedIssuers());
            case XFCC -> fields.withForwarded(forwarded(client));
          };
    }
    return fields;
  }

  /**
   * One element in the format of Envoy: {@code Hash}, {@code Subject}, {@code URI}, {@code DNS}.
   * {@code By} is left out, since Lockgate has no identity of its own towards clients' authorities.
   */
  static String forwarded(ClientIdentity client) {
    StringBuilder text = new StringBuilder();
    text.append("Hash=").append(client.fingerprint());
    text.append(";Subject=\"").append(client.subject()).append('"');
    client.uris().forEach(uri -> pair(text, ";URI=", uri));
    client.dnsNames().forEach(name -> pair(text, ";DNS=", name));
    return text.toString();
  }

  /** Leaves out what has no place in a header field; no honest authority signs such a name. */
  private static void pair(StringBuilder text, String key, String value) {
    if (!value.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      return;
    }
    boolean plain = value.chars().noneMatch(c -> ",;=\"\\".indexOf(c) >= 0);
    text.append(key);
    if (plain) {
      text.append(value);
    } else {
      text.append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
  }
}
