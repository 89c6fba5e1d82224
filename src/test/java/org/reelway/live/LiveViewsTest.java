package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;
import static org.reelway.live.LiveFixture.playlist;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.TestStore;

/** Live playlists over JMX. */
class LiveViewsTest {
  private static final String BASE = "on/air/news/cam1/";

  @TempDir Path temp;
  private TestStore store;

  @BeforeEach
  void start() {
    store = TestStore.start(temp.resolve("store"));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private String text(String key) {
    return store.has(key) ? new String(store.bytes(key), StandardCharsets.UTF_8) : "";
  }

  @Test
  void aPlaylistIsShownAsLongAsItLivesAndLooksAgainWhenItIsTold() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("org.reelway:type=LivePlaylist,name=" + ObjectName.quote("news/cam1/x.m3u8"));
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/x.m3u8", playlist(7, "a0.ts", "a1.ts"));
      eventually("it is shown", () -> server.isRegistered(name) && "live".equals(server.getAttribute(name, "State")));
      assertThat(server.getAttribute(name, "Published")).isEqualTo("7 to 7");
      assertThat(server.getAttribute(name, "Address").toString()).endsWith(BASE + "x.m3u8");
      assertThat(server.getAttribute(name, "Chunks")).isEqualTo(1);
      assertThat(server.getAttribute(name, "Awaited")).isEqualTo(1);
      assertThat(server.getAttribute(name, "BehindSince").toString()).startsWith("20");
      assertThat(server.getAttribute(name, "PublishedAt").toString()).startsWith("20");

      live.write("news/cam1/a1.ts", "one");
      eventually("nothing waits", () -> "".equals(server.getAttribute(name, "BehindSince")));
      store.client().deleteObject(delete -> delete.bucket(TestStore.BUCKET).key(BASE + "x.m3u8"));
      server.invoke(name, "lookAgain", new Object[0], new String[0]);
      eventually("what was removed is back", () -> text(BASE + "x.m3u8").equals(playlist(7, "a0.ts", "a1.ts")));

      live.delete("news/cam1/x.m3u8");
      eventually("a playlist that is gone is shown no longer", () -> {
        live.rescan();
        return !server.isRegistered(name);
      });
      live.write("news/cam1/x.m3u8", playlist(7, "a0.ts", "a1.ts"));
      eventually("it is shown again", () -> server.isRegistered(name));
    }
    assertThat(server.isRegistered(name)).isFalse();
  }
}
