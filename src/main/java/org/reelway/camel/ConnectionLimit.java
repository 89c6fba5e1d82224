package org.reelway.camel;

import com.sun.management.UnixOperatingSystemMXBean;
import io.vertx.core.http.HttpConnection;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Keeps descriptors free for transfers: where a port has as many connections as it may, the oldest one is closed for each new
 * one. Clients that keep theirs open connect again; who opens many and sends nothing loses them first.
 */
final class ConnectionLimit {
  private static final int MOST = 256;
  private static final int FEWEST = 16;
  private static final int SHARE = 8;

  private final int most;
  private final Set<HttpConnection> open = new LinkedHashSet<>();

  ConnectionLimit(int most) {
    this.most = most;
  }

  /** An eighth of what the process may open, at most 256. */
  static ConnectionLimit ofProcess() {
    long descriptors =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE;
    return new ConnectionLimit((int) Math.max(FEWEST, Math.min(MOST, descriptors / SHARE)));
  }

  void opened(HttpConnection connection) {
    HttpConnection oldest = null;
    synchronized (this) {
      open.add(connection);
      if (open.size() > most) {
        Iterator<HttpConnection> all = open.iterator();
        oldest = all.next();
        all.remove();
      }
    }
    connection.closeHandler(closed -> forget(connection));
    if (oldest != null) {
      oldest.close();
    }
  }

  private synchronized void forget(HttpConnection connection) {
    open.remove(connection);
  }
}
