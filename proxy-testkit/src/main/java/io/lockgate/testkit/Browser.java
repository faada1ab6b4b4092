package io.lockgate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A headless Chromium with one page, driven over its DevTools. Whatever the page writes to the
 * console as an error, throws, or is forbidden by its policy is kept as a problem.
 */
public final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> OPTIONS =
      List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage",
          "--remote-debugging-port=0");

  private final Process process;
  private final WebSocket socket;
  private final Replies replies;
  private final AtomicInteger calls = new AtomicInteger();

  private Browser(Process process, WebSocket socket, Replies replies) {
    this.process = process;
    this.socket = socket;
    this.replies = replies;
  }

  /** Starts one whose profile is in {@code directory}, with further options of its own. */
  public static Browser start(Path directory, String... options) throws IOException {
    Path profile = Files.createDirectories(directory.resolve("browser"));
    List<String> command = new ArrayList<>();
    command.add(Command.requireTool("chromium").toString());
    command.addAll(OPTIONS);
    command.addAll(List.of(options));
    command.add("--user-data-dir=" + profile);
    command.add("about:blank");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Replies replies = new Replies();
      WebSocket socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(URI.create(pageOf(profile)), replies)
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      Browser browser = new Browser(process, socket, replies);
      List.of("Page", "Runtime", "Log").forEach(domain -> browser.call(domain + ".enable", "{}"));
      return browser;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new AssertionError("the browser does not answer", e);
    }
  }

  /** Where the page is driven: the browser writes its port into its profile. */
  private static String pageOf(Path profile) {
    return Patience.until(
        "the browser runs",
        PATIENCE,
        () -> {
          String port = Files.readAllLines(profile.resolve("DevToolsActivePort"), UTF_8).get(0);
          HttpRequest request =
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
          String pages = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
          for (Object target : (List<?>) Json.parse(pages)) {
            Map<?, ?> page = (Map<?, ?>) target;
            if ("page".equals(page.get("type"))) {
              return (String) page.get("webSocketDebuggerUrl");
            }
          }
          return "";
        },
        address -> !address.isEmpty());
  }

  /** Opens an address; scripts may still be at work when this returns. */
  public void open(String address) {
    call("Page.navigate", "{\"url\":" + quoted(address) + "}");
  }

  /** As narrow as a phone, or as wide as a desk. */
  public void width(int pixels) {
    call(
        "Emulation.setDeviceMetricsOverride",
        "{\"width\":%d,\"height\":900,\"deviceScaleFactor\":1,\"mobile\":%b}"
            .formatted(pixels, pixels < 600));
  }

  /** The value of an expression, as text. */
  @SuppressWarnings("unchecked")
  public String evaluate(String expression) {
    Map<String, Object> answer =
        call(
            "Runtime.evaluate",
            "{\"returnByValue\":true,\"expression\":" + quoted(expression) + "}");
    Map<String, Object> result = (Map<String, Object>) answer.get("result");
    if (answer.containsKey("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    return String.valueOf(result.get("value"));
  }

  /** What an element shows; empty where there is none. */
  public String text(String selector) {
    return evaluate("document.querySelector(" + quoted(selector) + ")?.innerText ?? ''");
  }

  /** Waits until an element shows a text. */
  public String awaitText(String selector, String part) {
    return Patience.until(
        selector + " shows " + part, PATIENCE, () -> text(selector), shown -> shown.contains(part));
  }

  public void click(String selector) {
    evaluate("document.querySelector(" + quoted(selector) + ").click()");
  }

  /** Errors of scripts, of the console and of the policy, since the start. */
  public List<String> problems() {
    return List.copyOf(replies.problems);
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> call(String method, String parameters) {
    int id = calls.incrementAndGet();
    CompletableFuture<Map<String, Object>> reply = new CompletableFuture<>();
    replies.awaited.put(id, reply);
    try {
      socket
          .sendText(
              "{\"id\":%d,\"method\":\"%s\",\"params\":%s}".formatted(id, method, parameters), true)
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      Map<String, Object> answer = reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (answer.containsKey("error")) {
        throw new AssertionError(method + ": " + answer.get("error"));
      }
      return (Map<String, Object>) answer.get("result");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("no answer to " + method, e);
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(); // its profile may be deleted then
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What comes from the browser. */
  private static final class Replies implements WebSocket.Listener {
    final Map<Integer, CompletableFuture<Map<String, Object>>> awaited = new ConcurrentHashMap<>();
    final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final StringBuilder pending = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      pending.append(part);
      if (last) {
        String message = pending.toString();
        pending.setLength(0);
        take(Json.object(message), message);
      }
      socket.request(1);
      return null;
    }

    private void take(Map<String, Object> message, String text) {
      if (message.get("id") instanceof Double id) {
        awaited.remove(id.intValue()).complete(message);
      } else if (isProblem(String.valueOf(message.get("method")), text)) {
        problems.add(text);
      }
    }

    private static boolean isProblem(String method, String text) {
      return method.equals("Runtime.exceptionThrown")
          || (method.equals("Log.entryAdded") && text.contains("\"level\":\"error\""))
          || (method.equals("Runtime.consoleAPICalled") && text.contains("\"type\":\"error\""));
    }
  }
}
