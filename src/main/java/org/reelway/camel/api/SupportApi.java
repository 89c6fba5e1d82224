package org.reelway.camel.api;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.File;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.MonitorInfo;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadInfo;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code GET /support}: what only the running process knows of itself, for {@code reelway support}. */
public final class SupportApi {
  private final RecentLog log;

  public SupportApi(RecentLog log) {
    this.log = log;
  }

  /**
   * The process and what it last said.
   *
   * @param libraries names of the jars on its class path
   * @param openFiles -1 where the system does not tell
   * @param log the newest warnings and errors, oldest first
   * @param threads a text for each
   */
  public record Process(
      String version, String java, String system, long pid, Instant startedAt, int processors, long heapUsed, long heapMost,
      long otherMemory, long collections, long collectionMillis, long openFiles, long mostFiles, List<String> libraries,
      List<String> log, List<String> threads) {}

  public Process process() {
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    Optional<UnixOperatingSystemMXBean> files = Optional.of(ManagementFactory.getOperatingSystemMXBean())
        .filter(UnixOperatingSystemMXBean.class::isInstance).map(UnixOperatingSystemMXBean.class::cast);
    return new Process(
        Optional.ofNullable(SupportApi.class.getPackage().getImplementationVersion()).orElse(""),
        runtime.getVmName() + " " + runtime.getVmVersion(),
        System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"),
        runtime.getPid(), Instant.ofEpochMilli(runtime.getStartTime()), Runtime.getRuntime().availableProcessors(),
        heap.getUsed(), heap.getMax(), ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed(),
        ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(each -> each.getCollectionCount()).sum(),
        ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(each -> each.getCollectionTime()).sum(),
        files.map(UnixOperatingSystemMXBean::getOpenFileDescriptorCount).orElse(-1L),
        files.map(UnixOperatingSystemMXBean::getMaxFileDescriptorCount).orElse(-1L), libraries(runtime), log.lines(), threads());
  }

  private static List<String> libraries(RuntimeMXBean runtime) {
    return Arrays.stream(runtime.getClassPath().split(File.pathSeparator)).map(path -> new File(path).getName()).sorted().toList();
  }

  private static List<String> threads() {
    return Arrays.stream(ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)).map(SupportApi::text).toList();
  }

  /** ThreadInfo's own text has eight places only. */
  private static String text(ThreadInfo thread) {
    StringBuilder text = new StringBuilder("\"" + thread.getThreadName() + "\" " + thread.getThreadState());
    if (thread.getLockName() != null) {
      text.append(" on ").append(thread.getLockName());
      if (thread.getLockOwnerName() != null) {
        text.append(" held by \"").append(thread.getLockOwnerName()).append('"');
      }
    }
    StackTraceElement[] stack = thread.getStackTrace();
    for (int depth = 0; depth < stack.length; depth++) {
      text.append("\n\tat ").append(stack[depth]);
      for (MonitorInfo monitor : thread.getLockedMonitors()) {
        if (monitor.getLockedStackDepth() == depth) {
          text.append("\n\t- holds ").append(monitor);
        }
      }
    }
    for (LockInfo lock : thread.getLockedSynchronizers()) {
      text.append("\n\t- holds ").append(lock);
    }
    return text.toString();
  }
}
