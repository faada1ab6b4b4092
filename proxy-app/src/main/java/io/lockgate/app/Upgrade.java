package io.lockgate.app;

import io.lockgate.admin.AdminServer;
import io.lockgate.admin.AdminSources.UpgradeResult;
import io.lockgate.app.handover.Estate;
import io.lockgate.app.handover.HandOverException;
import io.lockgate.app.handover.Successor;
import io.lockgate.app.log.LogFormat;
import io.lockgate.proxy.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upgrade without a gap: starts what the distribution holds now as another process, with the
 * same configuration file, and gives it the sockets. This process goes on as it was unless the
 * other one is ready to serve. Runs on the main thread.
 */
final class Upgrade {
  private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);

  private final Surroundings surroundings;
  private final RunRequest request;
  private final Proxy proxy;
  private final AdminServer admin;
  private final Supervisor supervisor;
  private final BooleanSupplier givenUp;
  private boolean done;

  Upgrade(
      Surroundings surroundings,
      RunRequest request,
      Proxy proxy,
      AdminServer admin,
      Supervisor supervisor,
      BooleanSupplier givenUp) {
    this.surroundings = surroundings;
    this.request = request;
    this.proxy = proxy;
    this.admin = admin;
    this.supervisor = supervisor;
    this.givenUp = givenUp;
  }

  /** Whether another process serves now. */
  boolean done() {
    return done;
  }

  /** Whatever goes wrong here, this process has to go on: it is the only one that serves. */
  UpgradeResult attempt() throws InterruptedException {
    LOG.info("a new process is started to take over");
    try (Successor next = start()) {
      next.handOver(this::estate);
      next.conclude();
      done = true;
      stepAside(next.pid());
      if (givenUp.getAsBoolean()) {
        // Who asked this process to end in the last moment meant whoever serves.
        next.stop();
      }
      LOG.info("process {} serves from now on, version {}", next.pid(), next.version());
      return new UpgradeResult(next.pid(), next.version(), "");
    } catch (HandOverException e) {
      return failed(e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the upgrade failed", e);
      return failed(e.toString());
    } finally {
      if (!done) {
        proxy.keep();
      }
    }
  }

  private Successor start() throws HandOverException {
    boolean warmUp = proxy.config().runtime().warmUp();
    return Successor.start(command(), surroundings.environment(), warmUp, givenUp);
  }

  /**
   * The other process serves already: what goes wrong here must not keep this one from draining.
   */
  private void stepAside(long successor) {
    try {
      // Not before: only the main process may name another one, so it could not be taken back.
      supervisor.mainProcess(successor);
      admin.stopAccepting();
    } catch (RuntimeException e) {
      LOG.error("process {} serves, but this one could not tell so", successor, e);
    }
  }

  private static UpgradeResult failed(String why) {
    LOG.error("nothing was handed over, this process goes on: {}", why);
    return new UpgradeResult(0, "", why);
  }

  private Estate estate() {
    return new Estate(
        proxy.bequeath(),
        // Not what the configuration says by now: that takes effect with the next process.
        admin.descriptor().map(socket -> new Estate.AdminSocket(socket, admin.configured())));
  }

  private List<String> command() {
    List<String> line = new ArrayList<>();
    line.add(surroundings.home().resolve("bin").resolve("lockgate").toString());
    line.add("run");
    request
        .configFile()
        .ifPresent(file -> line.addAll(List.of("-c", file.toAbsolutePath().toString())));
    if (request.logFormat() == LogFormat.JSON) {
      line.add("--log-format=json");
    }
    return line;
  }
}
