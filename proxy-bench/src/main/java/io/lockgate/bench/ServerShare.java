package io.lockgate.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * How much of the work of both sides was the server's: processor time and heap of this thread
 * between {@link #begin} and {@link #end}. The clock itself costs under a microsecond a pair, which
 * is in the figure.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class ServerShare {
  static final String OPERATIONS = "serverOperations";
  static final String NANOS = "serverNanos";
  static final String BYTES = "serverBytes";

  public long serverOperations;
  public long serverNanos;
  public long serverBytes;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long nanosBefore;
  private long bytesBefore;

  void begin() {
    bytesBefore = threads.getCurrentThreadAllocatedBytes();
    nanosBefore = threads.getCurrentThreadCpuTime();
  }

  void end() {
    serverNanos += threads.getCurrentThreadCpuTime() - nanosBefore;
    serverBytes += threads.getCurrentThreadAllocatedBytes() - bytesBefore;
  }

  void operationEnded() {
    serverOperations++;
  }
}
