package io.lockgate.coding;

import io.lockgate.config.model.CompressionConfig;
import io.lockgate.config.model.CompressionConfig.Encoding;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.FieldName;
import io.lockgate.http.FieldSection;
import io.lockgate.http.HttpVersion;
import io.lockgate.http.Method;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseHead;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which responses of a route are encoded, and what their heads then say. Immutable; read by every
 * event loop.
 */
public final class Compression {
  private static final String VARY = "Vary";
  private static final AsciiBytes WEAK = AsciiBytes.of("W/");

  /** About octets that the client does not get. */
  private static final List<String> OF_PLAIN_CONTENT =
      List.of("Accept-Ranges", "Content-MD5", "Content-Digest", "Repr-Digest", "Digest");

  private final List<Encoding> encodings;
  private final List<String> types;
  private final long minLength;
  private final Encoders encoders;

  private Compression(CompressionConfig config, List<Encoding> encodings, Encoders encoders) {
    this.encodings = encodings;
    this.types = config.types();
    this.minLength = config.minLength();
    this.encoders = encoders;
  }

  /** Loads libraries, so never on an event loop. */
  public static Compression of(CompressionConfig config, Encoders encoders) {
    List<Encoding> able = config.encodings().stream().filter(Encoders::prepare).toList();
    return new Compression(config, able, encoders);
  }

  /**
   * Prepares the head of an answer for what becomes of its content.
   *
   * @return what encodes it, the caller's to close; empty where it stays as it is
   */
  public Optional<ContentEncoder> apply(RequestHead request, ResponseHead answer) {
    FieldSection fields = answer.fields();
    if (answer.status() == 304) {
      notModified(request, fields);
      return Optional.empty();
    }
    if (!eligible(answer)) {
      return Optional.empty();
    }
    varyByEncoding(fields);
    if (request.method() == Method.HEAD || request.version() == HttpVersion.HTTP_1_0) {
      return Optional.empty(); // HTTP/1.0 would have to end the connection with it.
    }
    AcceptEncoding accepted = AcceptEncoding.of(request.fields());
    long length = answer.contentLength();
    if (length == 0 || (length > 0 && length < minLength && !accepted.forbidsIdentity())) {
      return Optional.empty();
    }
    Optional<Encoding> chosen = accepted.choose(encodings);
    Optional<ContentEncoder> encoder = chosen.flatMap(encoders::take);
    if (encoder.isPresent()) {
      fields.removeAll(FieldName.CONTENT_ENCODING);
      fields.append(FieldName.CONTENT_ENCODING, chosen.get().token());
      weaken(fields);
      OF_PLAIN_CONTENT.forEach(fields::removeAll);
      answer.forgetLength();
    }
    return encoder;
  }

  private boolean eligible(ResponseHead answer) {
    int status = answer.status();
    FieldSection fields = answer.fields();
    return status >= 200
        && status != 204
        && status != 205
        && status != 206
        && !fields.contains(FieldName.CONTENT_RANGE)
        && (!fields.contains(FieldName.CONTENT_ENCODING)
            || fields.valueOf(FieldName.CONTENT_ENCODING).equalsIgnoreCase("identity"))
        && !forbidsTransforming(fields)
        && takes(fields.valueOf(FieldName.CONTENT_TYPE));
  }

  /** RFC 9110 section 7.7. */
  private static boolean forbidsTransforming(FieldSection fields) {
    int index = fields.find(FieldName.CACHE_CONTROL);
    while (index >= 0) {
      if (fields.value(index).toLowerCase(Locale.ROOT).contains("no-transform")) {
        return true;
      }
      index = fields.findNext(FieldName.CACHE_CONTROL, index);
    }
    return false;
  }

  private boolean takes(String contentType) {
    int end = contentType.indexOf(';');
    String type =
        (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    for (String pattern : types) {
      int star = pattern.indexOf('*');
      boolean fits =
          star < 0
              ? type.equals(pattern)
              : type.length() >= pattern.length() - 1
                  && type.startsWith(pattern.substring(0, star))
                  && type.endsWith(pattern.substring(star + 1));
      if (fits) {
        return true;
      }
    }
    return false;
  }

  /**
   * A cache knows what it has by the tag that it got, which was weakened; a strong one would match
   * nothing (RFC 9111 section 4.3.4).
   */
  private void notModified(RequestHead request, FieldSection fields) {
    if (AcceptEncoding.of(request.fields()).choose(encodings).isPresent()) {
      varyByEncoding(fields);
      weaken(fields);
    }
  }

  private static void varyByEncoding(FieldSection fields) {
    StringBuilder all = new StringBuilder();
    for (int i = fields.find(VARY); i >= 0; i = fields.findNext(VARY, i)) {
      all.append(all.length() == 0 ? "" : ", ").append(fields.value(i));
    }
    for (String member : all.toString().split(",")) {
      if (member.strip().equals("*") || member.strip().equalsIgnoreCase("accept-encoding")) {
        return;
      }
    }
    fields.removeAll(VARY);
    fields.append(VARY, all + (all.length() == 0 ? "" : ", ") + "Accept-Encoding");
  }

  /** The content is equivalent, not the same (RFC 9110 section 8.8.1). */
  private static void weaken(FieldSection fields) {
    String tag = fields.valueOf(FieldName.ETAG);
    if (tag.startsWith("\"")) {
      fields.replace(FieldName.ETAG, WEAK + tag);
    }
  }
}
