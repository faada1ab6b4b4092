package io.lockgate.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Measures what a busy machine does not change much, of the benchmark's thread alone: heap and
 * processor time of an operation, and before and after each iteration the {@link Calibration}. The
 * least of all iterations counts: what disturbs adds, and never takes away. In the benchmark's JVM;
 * JMH makes it by its class.
 */
public final class SteadyFigures implements InternalProfiler {
  static final String BYTES = "steadyBytes";
  static final String NANOS = "steadyNanos";
  static final String STEP_NANOS = "steadyStepNanos";
  private static final String WORKER = "-jmh-worker-";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Calibration calibration = new Calibration();
  private double stepNanos;
  private long bytesBefore;
  private long nanosBefore;

  @Override
  public String getDescription() {
    return "Heap and processor time of an operation, and of a calibrating step";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    stepNanos = calibration.stepNanos();
    OptionalLong worker = worker();
    bytesBefore = worker.isEmpty() ? 0 : threads.getThreadAllocatedBytes(worker.getAsLong());
    nanosBefore = worker.isEmpty() ? 0 : threads.getThreadCpuTime(worker.getAsLong());
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long worker = worker().orElseThrow();
    long nanos = threads.getThreadCpuTime(worker) - nanosBefore;
    long bytes = threads.getThreadAllocatedBytes(worker) - bytesBefore;
    stepNanos = Math.min(stepNanos, calibration.stepNanos());
    double operations = result.getMetadata().getAllOps();
    return List.of(
        least(BYTES, bytes / operations, "B/op"),
        least(NANOS, nanos / operations, "ns/op"),
        least(STEP_NANOS, stepNanos, "ns/step"));
  }

  private static ScalarResult least(String name, double value, String unit) {
    return new ScalarResult(name, value, unit, AggregationPolicy.MIN);
  }

  /** The thread that runs all iterations; JMH starts it with the first. */
  private OptionalLong worker() {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().contains(WORKER))
        .mapToLong(ThreadInfo::getThreadId)
        .findAny();
  }
}
