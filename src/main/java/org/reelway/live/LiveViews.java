package org.reelway.live;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One MBean for each live playlist, {@code org.reelway:type=LivePlaylist,name="path"}, up to a number. */
final class LiveViews implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveViews.class);
  /** What a console can show, and a list of names over HTTP can hold. */
  private static final int MOST = 1000;

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final Map<LivePlaylist, ObjectName> shown = new ConcurrentHashMap<>();

  synchronized void add(LivePlaylist playlist) {
    if (shown.size() >= MOST) {
      LOG.debug("{} is not shown over JMX: {} others are", playlist.path(), MOST);
      return;
    }
    try {
      String path = playlist.status().playlist();
      ObjectName name = new ObjectName("org.reelway:type=LivePlaylist,name=" + ObjectName.quote(path));
      server.registerMBean(new View(playlist), name);
      shown.put(playlist, name);
    } catch (JMException e) {
      LOG.debug("{} is not shown over JMX: {}", playlist.path(), e.toString());
    }
  }

  synchronized void remove(LivePlaylist playlist) {
    ObjectName name = shown.remove(playlist);
    if (name != null) {
      try {
        server.unregisterMBean(name);
      } catch (JMException e) {
        LOG.debug("{} was not shown", playlist.path());
      }
    }
  }

  @Override
  public void close() {
    shown.keySet().forEach(this::remove);
  }

  private record View(LivePlaylist playlist) implements LivePlaylistMXBean {
    private static String text(Instant time) {
      return time == null ? "" : time.toString();
    }

    @Override
    public String getPlaylist() {
      return playlist.status().playlist();
    }

    @Override
    public String getKind() {
      return playlist.status().kind();
    }

    @Override
    public String getAddress() {
      return playlist.status().address();
    }

    @Override
    public String getState() {
      return playlist.status().state();
    }

    @Override
    public String getPublished() {
      return playlist.status().published();
    }

    @Override
    public String getPublishedAt() {
      return text(playlist.status().publishedAt());
    }

    @Override
    public String getBehindSince() {
      return text(playlist.status().behindSince());
    }

    @Override
    public int getChunks() {
      return playlist.publishedKeys().size();
    }

    @Override
    public int getAwaited() {
      return playlist.status().awaitedCount();
    }

    @Override
    public int getGaps() {
      return playlist.status().gaps();
    }

    @Override
    public String getTrouble() {
      return playlist.status().trouble();
    }

    @Override
    public void lookAgain() {
      playlist.lookAnew();
    }
  }
}
