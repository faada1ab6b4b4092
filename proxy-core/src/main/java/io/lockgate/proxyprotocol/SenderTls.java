package io.lockgate.proxyprotocol;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the sender of a header knows of the client's TLS (type PP2_TYPE_SSL). Immutable.
 *
 * @param encrypted whether the client came by TLS
 * @param certificate whether it presented a certificate, over this connection or this session
 * @param verified whether that certificate was found good
 * @param values version, names and algorithms, as sent
 */
public record SenderTls(
    boolean encrypted, boolean certificate, boolean verified, List<TypedValue> values) {
  static final int HEADER = 5;
  private static final int VERSION = 0x21;
  private static final int COMMON_NAME = 0x22;
  private static final int CIPHER = 0x23;

  /** Certificates are the client's to make; X.520 has names end at 64 characters. */
  private static final int MOST_NAME = 1024;

  public SenderTls {
    values = List.copyOf(values);
  }

  /** Of a value that the reader has found well-formed. */
  static SenderTls of(TypedValue ssl) {
    int client = ssl.octet(0);
    boolean good = (ssl.octet(1) | ssl.octet(2) | ssl.octet(3) | ssl.octet(4)) == 0;
    List<TypedValue> values = new ArrayList<>();
    TypedValues.read(ssl.bytes(), HEADER, values);
    boolean certificate = (client & 6) != 0;
    return new SenderTls((client & 1) != 0, certificate, certificate && good, values);
  }

  /** Of a client whose TLS ended here; a name that is absurdly long is not told. */
  public static SenderTls terminated(
      String version, String cipher, Optional<String> commonName, boolean certificate) {
    List<TypedValue> values = new ArrayList<>();
    values.add(TypedValue.of(VERSION, version));
    commonName
        .filter(name -> name.length() <= MOST_NAME)
        .ifPresent(name -> values.add(TypedValue.of(COMMON_NAME, name)));
    values.add(TypedValue.of(CIPHER, cipher));
    return new SenderTls(true, certificate, certificate, values);
  }

  /** As it stands in a header. */
  public TypedValue asValue() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // A certificate counts for the whole session, whichever of its connections brought it.
    out.write((encrypted ? 1 : 0) | (certificate ? 6 : 0));
    out.writeBytes(new byte[] {0, 0, 0, (byte) (verified ? 0 : 1)});
    values.forEach(value -> HeaderWriter.put(out, value));
    return new TypedValue(TypedValue.SSL, out.toByteArray());
  }

  public Optional<String> version() {
    return text(VERSION);
  }

  public Optional<String> commonName() {
    return text(COMMON_NAME);
  }

  public Optional<String> cipher() {
    return text(CIPHER);
  }

  private Optional<String> text(int type) {
    return values.stream().filter(v -> v.type() == type).findFirst().map(TypedValue::text);
  }
}
