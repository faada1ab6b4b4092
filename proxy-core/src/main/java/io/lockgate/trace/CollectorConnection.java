package io.lockgate.trace;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A connection to a collector, over which posts go one after the other (HTTP/1.1, RFC 9112). All of
 * it blocks, on the exporter's thread: a client that serves many at once has a collector of spans
 * pay for threads and queues that one thread does not need. {@link #close} may come from any
 * thread, and ends whatever is under way.
 */
final class CollectorConnection implements Closeable {
  private static final int MOST_HEAD = 64 * 1024;
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int UNTIL_CLOSED = -1;
  private static final int CHUNKED = -2;

  private final Socket socket = new Socket(Proxy.NO_PROXY);
  private InputStream input;
  private OutputStream output;

  // Of the answer being read.
  private int headLeft;
  private boolean lasting;
  private long contentLength;

  private boolean begun;

  /** Connects, and agrees on TLS where the endpoint wants it. */
  void open(URI endpoint) throws IOException {
    boolean secured = "https".equals(endpoint.getScheme());
    int port = endpoint.getPort() >= 0 ? endpoint.getPort() : secured ? HTTPS : HTTP;
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getByName(endpoint.getHost()), port));
    Socket used = secured ? secured(endpoint.getHost(), port) : socket;
    input = new BufferedInputStream(used.getInputStream());
    output = used.getOutputStream();
  }

  private Socket secured(String host, int port) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    SSLSocket secured = (SSLSocket) factory.createSocket(socket, name, port, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  /**
   * Sends a request and reads its answer to the end.
   *
   * @return the status
   */
  int exchange(byte[] head, byte[] content, int length) throws IOException {
    begun = false;
    output.write(head);
    output.write(content, 0, length);
    output.flush();
    int status = head();
    while (status / 100 == 1) {
      status = head();
    }
    if (!isWithoutContent(status)) {
      skipContent();
    }
    return status;
  }

  /** RFC 9112 section 6.3. */
  private static boolean isWithoutContent(int status) {
    return status / 100 == 1 || status == 204 || status == 304;
  }

  /**
   * Whether something has come that nobody asked for, such as the leave that some gateways take of
   * an idle connection (408).
   */
  boolean hasSurplus() throws IOException {
    return input.available() > 0;
  }

  /** Whether something of the last answer has come. */
  boolean answered() {
    return begun;
  }

  /** Whether the collector leaves it open for another request. */
  boolean lasting() {
    return lasting;
  }

  private int head() throws IOException {
    headLeft = MOST_HEAD;
    contentLength = UNTIL_CLOSED;
    String status = line();
    if (!status.startsWith("HTTP/1.") || status.length() < 12) {
      throw new ProtocolException("no answer of HTTP/1.1");
    }
    lasting = status.charAt(7) != '0';
    for (String field = line(); !field.isEmpty(); field = line()) {
      int colon = field.indexOf(':');
      if (colon > 0) {
        field(
            field.substring(0, colon).toLowerCase(Locale.ROOT),
            field.substring(colon + 1).strip().toLowerCase(Locale.ROOT));
      }
    }
    int code = (int) number(status.substring(9, 12), 10);
    lasting &= contentLength != UNTIL_CLOSED || isWithoutContent(code);
    return code;
  }

  private void field(String name, String value) throws IOException {
    if (name.equals("transfer-encoding")) {
      contentLength = value.endsWith("chunked") ? CHUNKED : UNTIL_CLOSED;
    } else if (name.equals("content-length") && contentLength != CHUNKED) {
      contentLength = number(value, 10);
    } else if (name.equals("connection") && value.contains("close")) {
      lasting = false;
    }
  }

  private void skipContent() throws IOException {
    if (contentLength == CHUNKED) {
      for (long size = chunkSize(); size > 0; size = chunkSize()) {
        skip(size);
        if (!line().isEmpty()) {
          throw new ProtocolException("a chunk longer than its size");
        }
      }
      while (!line().isEmpty()) {} // Trailers say nothing that matters.
    } else if (contentLength == UNTIL_CLOSED) {
      while (input.read() >= 0) {}
    } else {
      skip(contentLength);
    }
  }

  private long chunkSize() throws IOException {
    headLeft = MOST_HEAD;
    String size = line();
    int extension = size.indexOf(';');
    return number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
  }

  private void skip(long octets) throws IOException {
    for (long left = octets; left > 0; ) {
      long skipped = input.skip(left);
      if (skipped == 0) {
        octet();
        skipped = 1;
      }
      left -= skipped;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int octet = octet(); octet != '\n'; octet = octet()) {
      if (--headLeft < 0) {
        throw new ProtocolException("a head without end");
      }
      line.append((char) octet);
    }
    int length = line.length();
    return line.substring(0, length > 0 && line.charAt(length - 1) == '\r' ? length - 1 : length);
  }

  private int octet() throws IOException {
    int octet = input.read();
    if (octet < 0) {
      throw new EOFException("closed before the end of an answer");
    }
    begun = true;
    return octet;
  }

  private static long number(String text, int radix) throws ProtocolException {
    try {
      return Math.max(0, Long.parseLong(text, radix));
    } catch (NumberFormatException e) {
      throw new ProtocolException("not a number: " + text);
    }
  }

  /** At once, without a leave of TLS, which might block. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** The head of a request that posts JSON. */
  static byte[] head(URI endpoint, String version, int length) {
    URI escaped = URI.create(endpoint.toASCIIString());
    String path = escaped.getRawPath().isEmpty() ? "/" : escaped.getRawPath();
    String query = escaped.getRawQuery() == null ? "" : "?" + escaped.getRawQuery();
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    String head =
        "POST "
            + path
            + query
            + " HTTP/1.1\r\n"
            + "Host: "
            + endpoint.getHost()
            + port
            + "\r\n"
            + "User-Agent: lockgate/"
            + version
            + "\r\n"
            + "Content-Type: application/json\r\n"
            + "Content-Length: "
            + length
            + "\r\n\r\n";
    return head.getBytes(StandardCharsets.US_ASCII);
  }
}
