package io.lockgate.proxy;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import com.sun.management.OperatingSystemMXBean;
import io.lockgate.limit.MemoryGauges;
import io.lockgate.metrics.ProcessReadings;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the JVM, Netty and the operating system say about the memory of this process. */
final class ProcessMemory implements MemoryGauges {
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class);
  private final Set<String> heapPools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toSet());
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final List<BufferPoolMXBean> bufferPools =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .toList();

  /** Asked once a collection, since it takes the virtual machine long to tell. */
  private volatile long liveAfterLast = Long.MAX_VALUE;

  private volatile long seenCollections;

  @Override
  public long heapLive() {
    long used = memory.getHeapMemoryUsage().getUsed();
    long collections = 0;
    for (GarbageCollectorMXBean collector : collectors) {
      collections += collector.getCollectionCount();
    }
    if (collections != seenCollections) {
      seenCollections = collections;
      liveAfterLast = afterLastCollection();
    }
    return Math.min(used, liveAfterLast);
  }

  private long afterLastCollection() {
    GcInfo last = null;
    for (GarbageCollectorMXBean collector : collectors) {
      GcInfo info = collector.getLastGcInfo();
      if (info != null && (last == null || info.getEndTime() > last.getEndTime())) {
        last = info;
      }
    }
    return last == null ? Long.MAX_VALUE : afterCollection(last);
  }

  private long afterCollection(GcInfo collection) {
    long live = 0;
    for (Map.Entry<String, MemoryUsage> pool : collection.getMemoryUsageAfterGc().entrySet()) {
      live += heapPools.contains(pool.getKey()) ? pool.getValue().getUsed() : 0;
    }
    return live;
  }

  @Override
  public long heapMax() {
    return Runtime.getRuntime().maxMemory();
  }

  @Override
  public long directReserved() {
    long counted = PlatformDependent.usedDirectMemory();
    return counted >= 0 ? counted : countedByJvm();
  }

  /** Where Netty leaves the counting to the JVM. */
  private long countedByJvm() {
    return bufferPools.stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
  }

  @Override
  public long directPinned() {
    return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
  }

  @Override
  public long directMax() {
    return PlatformDependent.maxDirectMemory();
  }

  @Override
  public long other() {
    long known = memory.getHeapMemoryUsage().getCommitted() + directReserved();
    long resident = ProcessReadings.residentBytes().orElse(known);
    return Math.max(memory.getNonHeapMemoryUsage().getUsed(), resident - known);
  }

  @Override
  public long machine() {
    return system.getTotalMemorySize();
  }
}
