package io.lockgate.app;

import io.lockgate.app.ProbeReport.Step;
import io.lockgate.pki.ReferenceName;
import io.lockgate.pki.ServerTrust;
import io.lockgate.pki.ServerVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * Asks a server as a client from outside would, by the JDK's TLS: one connection that offers HTTP/2
 * and HTTP/1.1, another that would resume its session. Every step has a bound of time. What the
 * server shows is verified after the handshake, so that a report tells of TLS whatever is wrong
 * with the certificate. Blocks; for a command.
 */
final class Probe {
  private static final List<String> BOTH = List.of("h2", "http/1.1");
  private static final List<String> HTTP_1 = List.of("http/1.1");
  private static final int LONGEST_HEAD = 64 << 10;

  /** RFC 9113 section 3.4: the preface and an empty SETTINGS frame. */
  private static final byte[] H2_PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  private final ProbeTarget target;
  private final Optional<InetSocketAddress> instead;
  private final ServerTrust trust;
  private final int timeoutMillis;
  private final Clock clock;
  private final String agent;
  private final ShownChain shown = new ShownChain();
  private final ProbeReport report = new ProbeReport();
  private Step step = Step.RESOLVE;

  /**
   * @param instead of the address that the target's name has
   * @param agent for the field User-Agent
   */
  Probe(
      ProbeTarget target,
      Optional<InetSocketAddress> instead,
      ServerTrust trust,
      Duration timeout,
      Clock clock,
      String agent) {
    this.target = target;
    this.instead = instead;
    this.trust = trust;
    this.timeoutMillis = Math.toIntExact(timeout.toMillis());
    this.clock = clock;
    this.agent = agent;
  }

  ProbeReport run() throws InterruptedException {
    Optional<InetSocketAddress> address = address();
    if (address.isEmpty()) {
      return report;
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {shown}, new SecureRandom());
      if (ask(context, address.get(), BOTH, false)) {
        verify();
        if (!ask(context, address.get(), HTTP_1, true) && report.onlyHttp2) {
          ask(context, address.get(), BOTH, true);
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no TLS", e);
    }
    return report;
  }

  private Optional<InetSocketAddress> address() throws InterruptedException {
    long began = System.nanoTime();
    try {
      InetSocketAddress found =
          instead.isPresent()
              ? instead.get()
              : new InetSocketAddress(lookUp(target.host()), target.port());
      report.took(Step.RESOLVE, System.nanoTime() - began);
      report.address = found.getAddress().getHostAddress() + " port " + found.getPort();
      return Optional.of(found);
    } catch (ExecutionException e) {
      report.failed(Step.RESOLVE, "the name " + target.host() + " has no address");
    } catch (TimeoutException e) {
      report.failed(Step.RESOLVE, noAnswer());
    }
    return Optional.empty();
  }

  /** On a thread of its own: the system's resolver has no bound that we could set. */
  private InetAddress lookUp(String host)
      throws ExecutionException, TimeoutException, InterruptedException {
    FutureTask<InetAddress> lookup = new FutureTask<>(() -> InetAddress.getByName(host));
    Thread thread = new Thread(lookup, "lockgate-probe-resolver");
    thread.setDaemon(true);
    thread.start();
    return lookup.get(timeoutMillis, TimeUnit.MILLISECONDS);
  }

  private String noAnswer() {
    return "no answer within " + timeoutMillis / 1000 + " s";
  }

  /** False where there was no handshake. */
  private boolean ask(
      SSLContext context, InetSocketAddress address, List<String> protocols, boolean again) {
    step = Step.CONNECT;
    try (StepBound bound = new StepBound(Duration.ofMillis(timeoutMillis));
        Socket socket = new Socket()) {
      try {
        converse(context, address, protocols, again, socket, bound);
      } catch (IOException e) {
        failed(e, protocols, again, bound);
      }
    } catch (IOException e) {
      report.failed(step, ProbeReport.printable(String.valueOf(e.getMessage())));
    }
    return step == Step.REQUEST;
  }

  private void converse(
      SSLContext context,
      InetSocketAddress address,
      List<String> protocols,
      boolean again,
      Socket socket,
      StepBound bound)
      throws IOException {
    long began = System.nanoTime();
    bound.begin(socket);
    socket.connect(address);
    began = done(began, again);
    step = Step.HANDSHAKE;
    bound.begin(socket);
    try (SSLSocket tls = handshake(context, socket, protocols)) {
      boolean resumed = again && !shown.wasAsked();
      began = done(began, again);
      note(tls, again, resumed);
      step = Step.REQUEST;
      bound.begin(socket);
      if (tls.getApplicationProtocol().equals("h2")) {
        greet(tls);
      } else if (report.status == 0) {
        request(tls);
        report.took(step, System.nanoTime() - began);
      }
    }
  }

  private void failed(IOException e, List<String> protocols, boolean again, StepBound bound) {
    String why = String.valueOf(e.getMessage());
    if (bound.over()) {
      report.failed(step, noAnswer());
    } else if (again && protocols == HTTP_1 && why.contains("no_application_protocol")) {
      report.onlyHttp2 = true; // RFC 7301 section 3.2: it has none of what was offered.
    } else {
      report.failed(step, ProbeReport.printable(why));
    }
  }

  private long done(long began, boolean again) {
    long now = System.nanoTime();
    if (!again) {
      report.took(step, now - began);
    }
    return now;
  }

  private SSLSocket handshake(SSLContext context, Socket socket, List<String> protocols)
      throws IOException {
    SSLSocket tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, target.host(), target.port(), true);
    SSLParameters parameters = tls.getSSLParameters();
    ReferenceName name = ReferenceName.of(target.host());
    if (!name.isAddress()) {
      // The JDK by itself names no host without a dot.
      parameters.setServerNames(List.of(new SNIHostName(name.text())));
    }
    parameters.setApplicationProtocols(protocols.toArray(String[]::new));
    tls.setSSLParameters(parameters);
    shown.forget();
    tls.startHandshake();
    return tls;
  }

  private void note(SSLSocket tls, boolean again, boolean resumed) {
    if (again) {
      report.resumed = resumed;
      return;
    }
    SSLSession session = tls.getSession();
    report.version = session.getProtocol();
    report.cipher = session.getCipherSuite();
    report.protocol = tls.getApplicationProtocol();
    report.chain = shown.chain();
    report.stapled =
        session instanceof ExtendedSSLSession extended
            && extended.getStatusResponses().stream().anyMatch(response -> response.length > 0);
  }

  private void verify() {
    List<X509Certificate> chain = report.chain;
    new ServerVerifier(ReferenceName.of(target.host()), Optional.of(trust), List.of(), clock)
        .verify(chain)
        .ifPresent(refusal -> report.failed(Step.CERTIFICATE, refusal.sentence()));
  }

  /** Until the server's first frame: the tickets of TLS 1.3 come before it. */
  private static void greet(SSLSocket tls) throws IOException {
    tls.getOutputStream().write(H2_PREFACE);
    if (tls.getInputStream().read() < 0) {
      throw new IOException("the server closed the connection in answer to HTTP/2's preface");
    }
  }

  private void request(SSLSocket tls) throws IOException {
    String head =
        "GET "
            + target.path()
            + " HTTP/1.1\r\nHost: "
            + target.authority()
            + "\r\nUser-Agent: "
            + agent
            + "\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    tls.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    String answer = statusLine(tls.getInputStream());
    if (!answer.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
      throw new IOException("the answer is not HTTP: \"" + ProbeReport.printable(answer) + "\"");
    }
    report.status = Integer.parseInt(answer.substring(9, 12));
    if (report.status >= 500) {
      report.failed(Step.REQUEST, "the server answers with status " + report.status);
    }
  }

  /** Of the final response; interim ones are passed over (RFC 9110 section 15.2). */
  private static String statusLine(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int read = 0; read < LONGEST_HEAD; read++) {
      int octet = in.read();
      if (octet < 0) {
        break;
      }
      head.append((char) octet);
      if (octet == '\n' && head.toString().endsWith("\r\n\r\n")) {
        if (!head.toString().startsWith("HTTP/1.1 1")) {
          break;
        }
        head.setLength(0);
      }
    }
    int end = head.indexOf("\r\n");
    return end < 0 ? head.toString() : head.substring(0, end);
  }
}
