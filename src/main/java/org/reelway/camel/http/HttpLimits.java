package org.reelway.camel.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What clients may take of one HTTP port.
 *
 * @param connections open at once, and one more while another one is closed for it
 * @param request from the first byte of its head to the last one of its body
 * @param idle without a request, or without taking more of an answer
 */
public record HttpLimits(int connections, Duration request, Duration idle) {
  private static final int MOST = 256;
  private static final int FEWEST = 16;
  private static final int SHARE = 8;

  /** An eighth of the files that the process may open: two ports leave three quarters to transfers. */
  public static HttpLimits ofProcess() {
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE;
    int connections = (int) Math.max(FEWEST, Math.min(MOST, files / SHARE));
    return new HttpLimits(connections, Duration.ofSeconds(20), Duration.ofSeconds(75));
  }
}
