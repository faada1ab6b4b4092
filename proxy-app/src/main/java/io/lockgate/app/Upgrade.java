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

  UpgradeResult attempt() throws InterruptedException {
    LOG.info("a new process is started to take over");
    try (Successor next = Successor.start(command(), surroundings.environment(), givenUp)) {
      next.handOver(this::estate);
      supervisor.mainProcess(next.pid());
      conclude(next);
      done = true;
      admin.stopAccepting();
      LOG.info("process {} serves from now on, version {}", next.pid(), next.version());
      return new UpgradeResult(next.pid(), next.version(), "");
    } catch (HandOverException | IllegalStateException e) {
      proxy.keep();
      LOG.error("nothing was handed over, this process goes on: {}", e.getMessage());
      return new UpgradeResult(0, "", e.getMessage());
    }
  }

  private void conclude(Successor next) throws HandOverException {
    try {
      next.conclude();
    } catch (HandOverException e) {
      supervisor.mainProcess(ProcessHandle.current().pid());
      throw e;
    }
  }

  private Estate estate() {
    return new Estate(
        proxy.bequeath(),
        admin
            .descriptor()
            .map(socket -> new Estate.AdminSocket(socket, proxy.config().admin().address())));
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
