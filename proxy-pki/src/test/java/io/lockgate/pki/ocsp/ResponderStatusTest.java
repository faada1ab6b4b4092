package io.lockgate.pki.ocsp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.pki.Identity;
import io.lockgate.pki.ocsp.StatusAnswer.Failure;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestOcsp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponderStatusTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final TestCa ca = TestCa.root().intermediate("Issuing CA");
  private final ResponderStatus status = new ResponderStatus(Clock.systemUTC());
  private ServerSocket responder;
  private TestIdentity issued;
  private Identity identity;

  @TempDir Path directory;

  @BeforeEach
  void listen() throws IOException {
    responder = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    issued =
        ca.leaf("a.example").ocspAt("http://127.0.0.1:" + responder.getLocalPort() + "/").issue();
    identity = Identity.of(issued.chain(), issued.key());
  }

  @AfterEach
  void close() throws IOException {
    status.close();
    responder.close();
  }

  private byte[] good() {
    return TestOcsp.about(ca, issued.leaf()).encoded();
  }

  @Nested
  class HandedOverByAnotherProcess {
    @Test
    void isKeptWithoutADiskAndForgottenOnceItServes() {
      ResponderStatus heir =
          new ResponderStatus(Clock.systemUTC(), Map.of(identity.digest(), good()));
      assertThat(heir.kept(directory, identity)).isPresent();
      assertThat(heir.kept(directory, identity)).as("asked for once").isEmpty();
    }

    @Test
    void isCheckedLikeAnyOther() {
      ResponderStatus heir =
          new ResponderStatus(Clock.systemUTC(), Map.of(identity.digest(), new byte[20]));
      assertThat(heir.kept(directory, identity)).isEmpty();
    }
  }

  @Nested
  class Asking {
    @Test
    void postsTheQuestionAndVerifiesTheAnswer() throws Exception {
      CompletableFuture<String> request = answer(http("200 OK", good()));

      assertThat(status.ask(identity, LONG)).isInstanceOf(StatusAnswer.Verified.class);
      assertThat(request.get())
          .startsWith("POST / HTTP/1.1\r\n")
          .containsIgnoringCase("content-type: application/ocsp-request\r\n");
    }

    @Test
    void statusOtherThan200IsARefusal() {
      answer(http("503 Busy", new byte[0]));

      assertThat(status.ask(identity, LONG))
          .isEqualTo(
              new StatusAnswer.Failed(
                  Failure.REFUSED, "the responder answers with HTTP status 503"));
    }

    @Test
    void followsNoRedirect() {
      answer(
          "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
              .getBytes(ISO_8859_1));

      assertThat(failure()).isEqualTo(Failure.REFUSED);
    }

    @Test
    void responseBeyondTheBoundIsRefused() {
      answer(http("200 OK", new byte[ResponderClient.LONGEST_RESPONSE + 1]));

      assertThat(failure()).isEqualTo(Failure.REFUSED);
    }

    @Test
    void largestResponseWithinTheBoundIsRead() {
      answer(http("200 OK", new byte[ResponderClient.LONGEST_RESPONSE]));

      assertThat(failure()).as("it was read, and is garbage").isEqualTo(Failure.INVALID);
    }

    @Test
    void closedPortIsUnreachable() throws IOException {
      responder.close();

      assertThat(failure()).isEqualTo(Failure.UNREACHABLE);
    }

    @Test
    void responderThatNeverAnswersIsGivenUp() {
      assertThat(((StatusAnswer.Failed) status.ask(identity, Duration.ofMillis(200))).failure())
          .isEqualTo(Failure.UNREACHABLE);
    }

    @Test
    void headerThatDripsIsGivenUp() {
      CompletableFuture.runAsync(
          () -> {
            try (Socket socket = responder.accept()) {
              readRequest(socket.getInputStream());
              socket.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(ISO_8859_1));
              while (!Thread.interrupted()) {
                socket.getOutputStream().write('x');
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
              }
            } catch (IOException e) {
              return; // given up, as it should be
            }
          });

      assertThat(((StatusAnswer.Failed) status.ask(identity, Duration.ofMillis(300))).failure())
          .isEqualTo(Failure.UNREACHABLE);
    }

    @Test
    void chainWithoutTheIssuerCannotBeAskedAbout() {
      TestCa root = TestCa.root();
      TestIdentity direct = root.leaf("a.example").ocspAt("http://127.0.0.1/").issue();
      StatusAnswer answer = status.ask(Identity.of(List.of(direct.leaf()), direct.key()), LONG);

      assertThat(((StatusAnswer.Failed) answer).failure()).isEqualTo(Failure.UNASKABLE);
    }

    private Failure failure() {
      return ((StatusAnswer.Failed) status.ask(identity, LONG)).failure();
    }

    private CompletableFuture<String> answer(byte[] bytes) {
      return CompletableFuture.supplyAsync(
          () -> {
            try (Socket socket = responder.accept()) {
              String request = readRequest(socket.getInputStream());
              socket.getOutputStream().write(bytes);
              return request;
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
    }

    private byte[] http(String line, byte[] content) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(
          ("HTTP/1.1 " + line + "\r\nContent-Length: " + content.length + "\r\n\r\n")
              .getBytes(ISO_8859_1));
      out.writeBytes(content);
      return out.toByteArray();
    }

    /** The head; that the small content behind it may be left unread does not matter. */
    private String readRequest(InputStream in) throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.read());
      }
      int length =
          Integer.parseInt(head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1"));
      in.readNBytes(length);
      return head.toString();
    }
  }

  @Nested
  class Keeping {
    private StatusResponse response(byte[] encoded) {
      return ((StatusAnswer.Verified)
              new ResponseCheck(Clock.systemUTC())
                  .verify(encoded, StatusQuestion.about(identity).orElseThrow()))
          .response();
    }

    @Test
    void whatWasKeptIsFoundAgain() {
      byte[] good = good();
      status.keep(directory.resolve("new/ocsp"), identity, response(good));

      assertThat(status.kept(directory.resolve("new/ocsp"), identity).orElseThrow().encoded())
          .isEqualTo(good);
    }

    @Test
    void whatOthersWroteThereIsNotBelieved() throws IOException {
      Files.write(
          directory.resolve(identity.digest() + ".ocsp"),
          TestOcsp.about(ca, issued.leaf()).forgedWith(TestCa.root().identity().key()).encoded());

      assertThat(status.kept(directory, identity)).isEmpty();
    }

    @Test
    void nothingIsKeptOfOtherCertificatesAndForeignFilesStay() throws IOException {
      status.keep(directory, identity, response(good()));
      Path gone = Files.write(directory.resolve("ab".repeat(32) + ".ocsp"), new byte[1]);
      Path foreign = Files.write(directory.resolve("notes.ocsp"), new byte[1]);
      status.retain(directory, Set.of(identity.digest()));

      assertThat(gone).doesNotExist();
      assertThat(foreign).exists();
      assertThat(status.kept(directory, identity)).isPresent();
    }

    @Test
    void unwritableDirectoryIsNoFailure() throws IOException {
      Path file = Files.write(directory.resolve("a-file"), new byte[1]);
      status.keep(file, identity, response(good()));
      status.retain(file, Set.of());

      assertThat(status.kept(file, identity)).isEmpty();
    }
  }
}
