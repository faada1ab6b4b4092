package io.lockgate.app;

import io.lockgate.admin.AdminServer;
import io.lockgate.admin.AdminSources;
import io.lockgate.app.handover.Estate;
import io.lockgate.app.handover.HandOverException;
import io.lockgate.app.handover.Predecessor;
import io.lockgate.app.log.DaemonLog;
import io.lockgate.app.log.LogFormat;
import io.lockgate.app.warmup.WarmUp;
import io.lockgate.config.model.AdminConfig;
import io.lockgate.config.model.RuntimeConfig.Transport;
import io.lockgate.proxy.Proxy;
import io.lockgate.proxy.ProxySetup;
import io.lockgate.proxy.ReloadReport;
import io.lockgate.proxy.StartException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code lockgate run}: the proxy, its admin endpoint, the log and the signals, from the start to
 * the end of the process. Runs on the main thread, which carries out the signals' orders once it
 * serves.
 */
final class Daemon {
  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;

  /**
   * Names a listener that nobody watches; for measuring what observation costs, and nothing else.
   */
  private static final String UNOBSERVED = "LOCKGATE_UNOBSERVED";

  /** An upgrade waits for it, and nobody else does. */
  private static final Duration BEFORE_TAKING_OVER = Duration.ofSeconds(8);

  private final Surroundings surroundings;

  Daemon(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Serves until told to stop. */
  int run(RunRequest request) {
    DaemonLog levels = DaemonLog.install(surroundings.err(), request.logFormat());
    Logger log = LoggerFactory.getLogger(Daemon.class);
    DaemonControl control = new DaemonControl(Runtime.getRuntime()::halt);
    reactToSignals(control);
    try (Predecessor before = warmPredecessor()) {
      serve(request, before, control, levels, log);
      log.info("stopped");
      return ExitCode.GOOD;
    } catch (StartException e) {
      refuse(e, request.logFormat(), log);
      return e.exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    } catch (UnsatisfiedLinkError e) {
      log.error("{}", Platform.ofProcess().shortfall(), e);
      return ExitCode.FAILED;
    } catch (RuntimeException | LinkageError e) {
      // A bug, or a native library that does not fit; no thread may keep the process alive then.
      log.error("cannot go on", e);
      return ExitCode.FAILED;
    }
  }

  /** Accepts nothing before everything that can fail has not. */
  private void serve(
      RunRequest request, Predecessor before, DaemonControl control, DaemonLog levels, Logger log)
      throws StartException, InterruptedException {
    FileTime readAt = FileTime.fromMillis(System.currentTimeMillis());
    try (Proxy proxy = Proxy.prepare(setup(request), before.estate().proxy())) {
      AdminSources sources = new DaemonSources(proxy, control, levels, surroundings);
      try (AdminServer admin = startAdmin(proxy, sources, before.estate());
          FileWatch files = new FileWatch(proxy::files, () -> !proxy.reload("watch").postponed())) {
        takeOver(before);
        proxy.serve();
        tellTaken(before, log);
        long readyAtMillis = surroundings.clock().millis();
        try (Supervisor supervisor = Supervisor.of(surroundings.environment())) {
          if (proxy.config().runtime().watch()) {
            // Before anybody is told: who changes files because we serve must find them watched.
            files.start(readAt);
          }
          control.served();
          holdJars(); // Who is told that we serve may replace the distribution at once.
          announce(proxy, admin, readyAtMillis, request.logFormat(), log);
          supervisor.ready("generation " + proxy.generation() + " serves");
          supervisor.watchOver(proxy::loopsTurning);
          Upgrade upgrade =
              new Upgrade(surroundings, request, proxy, admin, supervisor, control::stopping);
          try (WarmUp warmUp = warmUp(proxy)) {
            if (!before.serves() && warmsUp(proxy)) {
              warmUp.whenever(proxy::deserted, proxy::served);
            }
            control.carryOut(new RunningProxy(proxy, supervisor, upgrade, log));
          }
        }
      }
    } catch (StartException e) {
      before.failed(e.getMessage());
      throw e;
    }
  }

  private WarmUp warmUp(Proxy proxy) {
    return new WarmUp(proxy.config().runtime().transport(), surroundings.clock());
  }

  private static boolean warmsUp(Proxy proxy) {
    return proxy.config().runtime().warmUp() && WarmUp.useful();
  }

  /**
   * Warms up first where another process serves, before that one is asked for anything: until then
   * it goes on with all that it does, and this one has read nothing that may change.
   */
  private Predecessor warmPredecessor() throws StartException, InterruptedException {
    if (Predecessor.wantsWarmth(surroundings.environment()) && WarmUp.useful()) {
      new WarmUp(Transport.AUTO, surroundings.clock()).atOnce(BEFORE_TAKING_OVER);
    }
    return predecessor();
  }

  private Predecessor predecessor() throws StartException {
    try {
      return Predecessor.of(surroundings.environment(), surroundings.version());
    } catch (HandOverException e) {
      throw new StartException(ExitCode.TRY_LATER, "error: " + e.getMessage(), e);
    }
  }

  private static void takeOver(Predecessor before) throws StartException, InterruptedException {
    try {
      before.takeOver();
    } catch (HandOverException e) {
      throw new StartException(ExitCode.TRY_LATER, "error: " + e.getMessage(), e);
    }
  }

  private static void tellTaken(Predecessor before, Logger log) {
    try {
      before.taken();
    } catch (HandOverException e) {
      log.warn("the process before has ended already: {}", e.getMessage());
    }
  }

  private AdminServer startAdmin(Proxy proxy, AdminSources sources, Estate inherited)
      throws StartException {
    AdminConfig config = proxy.config().admin();
    Optional<Integer> socket = inherited.adminSocketFor(config.address());
    try {
      return AdminServer.start(config, sources, surroundings.clock(), socket);
    } catch (IOException e) {
      String message = "admin endpoint: " + e.getMessage() + ": " + reason(e);
      throw new StartException(ExitCode.TRY_LATER, message, e);
    }
  }

  private static String reason(IOException e) {
    return e.getCause() == null ? "unknown" : e.getCause().getMessage();
  }

  private static void reactToSignals(DaemonControl control) {
    ProcessSignals.on("HUP", control::reload);
    ProcessSignals.on("USR1", control::reopenLogs);
    ProcessSignals.on("INT", () -> control.stopBySignal(SIGINT));
    ProcessSignals.on("TERM", () -> control.stopBySignal(SIGTERM));
  }

  private ProxySetup setup(RunRequest request) {
    return new ProxySetup(
        request.configFile().orElseGet(surroundings::defaultConfigFile),
        surroundings.environment(),
        surroundings.clock(),
        surroundings.version(),
        Optional.ofNullable(surroundings.environment().get(UNOBSERVED)));
  }

  /**
   * Opens every jar that is not open yet, since another version may take their places while this
   * one drains: what is found nowhere was looked for everywhere. Clients are served meanwhile.
   */
  private static void holdJars() {
    Daemon.class.getClassLoader().getResource("META-INF/no-such-resource");
  }

  private void announce(
      Proxy proxy, AdminServer admin, long readyAtMillis, LogFormat format, Logger log) {
    // Asked for only now: the management classes load while the first clients are served already.
    long startedAtMillis = ManagementFactory.getRuntimeMXBean().getStartTime();
    ReadyLine line =
        new ReadyLine(
            surroundings.version(),
            Duration.ofMillis(Math.max(0, readyAtMillis - startedAtMillis)),
            proxy.listeners(),
            proxy.config().hosts().size(),
            proxy.certificates().entries().size(),
            proxy.generation(),
            admin.address().toString());
    if (format == LogFormat.JSON) {
      log.info("{}", line);
    } else {
      surroundings.err().println(line);
    }
  }

  /** For people the report of problems as it is, with its lines; for machines one event. */
  private void refuse(StartException reason, LogFormat format, Logger log) {
    if (format == LogFormat.JSON) {
      log.error("{}", reason.getMessage());
    } else {
      surroundings.err().println(reason.getMessage());
    }
  }

  /** What the orders mean to the proxy. */
  private record RunningProxy(Proxy proxy, Supervisor supervisor, Upgrade upgrading, Logger log)
      implements DaemonControl.Orders {
    @Override
    public void reload() {
      supervisor.reloading();
      // Which logs what came of it.
      proxy.beginReload("SIGHUP").thenAccept(this::reloaded);
    }

    private void reloaded(ReloadReport report) {
      String result = report.result().name().toLowerCase(Locale.ROOT);
      supervisor.ready("generation " + report.generation() + " serves, last reload " + result);
    }

    @Override
    public void reopenLogs() {
      proxy.reopenLogs();
      log.info("log files reopened");
    }

    @Override
    public AdminSources.UpgradeResult upgrade() throws InterruptedException {
      return upgrading.attempt();
    }

    @Override
    public void drain() throws InterruptedException {
      Duration timeout = proxy.config().drainTimeout();
      if (!upgrading.done()) {
        supervisor.stopping("draining"); // systemd watches another process otherwise
      }
      log.info("draining, at most {} s", timeout.toSeconds());
      try {
        proxy.drain().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        log.warn("what did not finish within the drain timeout is cut off");
      } catch (ExecutionException e) {
        log.error("draining failed", e.getCause());
      }
    }
  }
}
