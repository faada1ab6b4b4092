package io.lockgate.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.http.Framing;
import io.lockgate.http.HeadLimits;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.HeadScanner.Progress;
import io.lockgate.http.HeadVerdict;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.HopByHop;
import io.lockgate.http.Method;
import io.lockgate.http.RequestCheck;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseCheck;
import io.lockgate.http.ResponseHead;
import io.lockgate.proxyprotocol.HeaderReader;
import io.lockgate.proxyprotocol.HeaderReading;
import io.lockgate.tls.ClientHelloReader;
import io.lockgate.tls.HelloReading;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import java.util.Objects;

/** What is fed with octets that nobody thought of, and what must be true whatever they are. */
enum FuzzTarget {
  /** A request over HTTP/1: what is accepted reads the same once it is written out. */
  REQUEST {
    @Override
    void check(byte[] input) {
      RequestHead head = new RequestHead();
      String whole = request(input, input.length, head);
      boolean accepted = whole.startsWith("accepted");
      for (int piece : PIECES) {
        same(whole, request(input, piece, new RequestHead()), "pieces of " + piece);
      }
      if (accepted) {
        readsTheSame(head);
      }
    }
  },

  /** A response over HTTP/1. */
  RESPONSE {
    @Override
    void check(byte[] input) {
      String whole = response(input, input.length);
      for (int piece : PIECES) {
        same(whole, response(input, piece), "pieces of " + piece);
      }
    }
  },

  /** Content in the chunked coding: equal to what the grammar says, taken literally. */
  CHUNKS {
    @Override
    void check(byte[] input) {
      String whole = ChunkedContent.scanned(input, input.length);
      for (int piece : PIECES) {
        same(whole, ChunkedContent.scanned(input, piece), "pieces of " + piece);
      }
      String literal = ChunkedContent.byTheGrammar(input);
      boolean complete = whole.startsWith(ChunkedContent.COMPLETE);
      if (!literal.isEmpty() || complete) {
        same(literal, complete ? whole : "", "the grammar of RFC 9112 section 7.1");
      }
    }
  },

  /** A request over HTTP/2, written out for HTTP/1; 0xff stands between fields, 0xfe in them. */
  H2_REQUEST {
    @Override
    void check(byte[] input) {
      RequestHead head = new RequestHead();
      for (String field : new String(input, ISO_8859_1).split("\u00ff")) {
        int colon = field.indexOf('\u00fe');
        head.fields()
            .append(
                colon < 0 ? field : field.substring(0, colon),
                colon < 0 ? "" : field.substring(colon + 1));
      }
      boolean ended = input.length % 2 == 0;
      boolean accepted = RequestCheck.http2(head, ended) == HeadVerdict.Accepted.ACCEPTED;
      // An extended CONNECT is never written out as it came: a WebSocket handshake takes its place.
      if (accepted && head.upgrade() == RequestHead.Upgrade.NONE) {
        readsTheSame(head);
      }
    }
  },

  /** The header of the PROXY protocol: a verdict once reached stays, whatever follows. */
  PROXY_HEADER {
    @Override
    void check(byte[] input) {
      String verdict = "";
      for (int length = 0; length <= Math.min(input.length, MOST_PREFIXES); length++) {
        HeaderReading reading = HeaderReader.read(Unpooled.wrappedBuffer(input, 0, length));
        String now = "";
        if (reading instanceof HeaderReading.Complete complete) {
          if (complete.length() > length) {
            throw new AssertionError("read beyond the end");
          }
          now = complete.length() + " " + complete.header().endpoints();
        } else if (reading instanceof HeaderReading.Failed failed) {
          now = failed.fault().label();
        }
        if (!verdict.isEmpty()) {
          same(verdict, now, "with more behind it");
        }
        verdict = now;
      }
    }
  },

  /** A ClientHello: the same however it is cut, and a verdict that stays. */
  CLIENT_HELLO {
    @Override
    void check(byte[] input) {
      ByteBuf in = Unpooled.wrappedBuffer(input);
      String whole = hello(new ClientHelloReader().read(in));
      ClientHelloReader reader = new ClientHelloReader();
      String cut = "";
      for (int length = 0; length <= input.length && cut.isEmpty(); length++) {
        cut = hello(reader.read(in.slice(0, length)));
      }
      same(whole, cut, "octet by octet");
    }
  };

  private static final HeadLimits LIMITS = new HeadLimits(8 * 1024, 64, 2 * 1024);
  private static final int[] PIECES = {1, 2, 3, 17};
  private static final int MOST_PREFIXES = 1024;

  /** Fails with an error if something is not as it must be. */
  abstract void check(byte[] input);

  /** As on a command line. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static FuzzTarget of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static String request(byte[] input, int piece, RequestHead head) {
    ByteBuf whole = Unpooled.wrappedBuffer(input);
    HeadScanner scanner = new HeadScanner(LIMITS);
    Progress progress = Progress.INCOMPLETE;
    for (int end = piece; progress == Progress.INCOMPLETE; end += piece) {
      progress = scanner.scanRequest(whole.writerIndex(Math.min(end, input.length)), head);
      if (end >= input.length) {
        break;
      }
    }
    return switch (progress) {
      case INCOMPLETE -> "incomplete";
      case REFUSED -> scanner.rule().label();
      case COMPLETE ->
          RequestCheck.http1(head) instanceof HeadVerdict.Refused refused
              ? refused.rule().label()
              : "accepted " + whole.readerIndex() + " " + told(head);
    };
  }

  private static String response(byte[] input, int piece) {
    ByteBuf whole = Unpooled.wrappedBuffer(input);
    ResponseHead head = new ResponseHead();
    HeadScanner scanner = new HeadScanner(LIMITS);
    Progress progress = Progress.INCOMPLETE;
    for (int end = piece; progress == Progress.INCOMPLETE; end += piece) {
      progress = scanner.scanResponse(whole.writerIndex(Math.min(end, input.length)), head);
      if (end >= input.length) {
        break;
      }
    }
    return switch (progress) {
      case INCOMPLETE -> "incomplete";
      case REFUSED -> scanner.rule().label();
      case COMPLETE ->
          ResponseCheck.http1(head, Method.GET) instanceof HeadVerdict.Refused refused
              ? refused.rule().label()
              : "accepted " + whole.readerIndex() + " " + head.status() + " " + head.framing();
    };
  }

  private static String told(RequestHead head) {
    Framing framing = head.framing() == Framing.UNTIL_END ? Framing.CHUNKED : head.framing();
    boolean sized = framing == Framing.LENGTH && head.contentLength() > 0;
    return String.join(
        " ",
        head.methodText(),
        head.target(),
        head.host(),
        String.valueOf(head.port()),
        head.path().text(),
        sized ? "LENGTH " + head.contentLength() : framing == Framing.CHUNKED ? "CHUNKED" : "NONE");
  }

  private static void readsTheSame(RequestHead first) {
    HopByHop.strip(first);
    ByteBuf written = Unpooled.buffer();
    HeadWriter.request(written, first, 0, false);
    String text = written.toString(ISO_8859_1);
    RequestHead second = new RequestHead();
    HeadScanner scanner = new HeadScanner(new HeadLimits(32 * 1024, 256, 16 * 1024));
    boolean whole = scanner.scanRequest(written, second) == Progress.COMPLETE;
    if (!whole || written.isReadable() || !RequestCheck.http1(second).accepted()) {
      throw new AssertionError("accepted, but not once it was written: " + text);
    }
    same(told(first), told(second), "written as " + text);
  }

  private static String hello(HelloReading reading) {
    if (reading instanceof HelloReading.Complete complete) {
      return complete.hello().toString();
    }
    return reading instanceof HelloReading.Failed failed ? failed.failure().label() : "";
  }

  private static void same(String expected, String actual, String how) {
    if (!Objects.equals(expected, actual)) {
      throw new AssertionError(how + ": " + actual + ", not " + expected);
    }
  }
}
