package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.testkit.HdsBootstrap;
import org.reelway.testkit.TestStore;

/** HDS in the layout of EvoStream: {@code cam.f4m}, and beside it {@code cam/bootstrap} and {@code cam/f4vSeg1-Frag1}. */
class LiveHdsTest {
  private static final String BASE = "on/air/hds/";
  private static final String MANIFEST =
      "<manifest xmlns=\"http://ns.adobe.com/f4m/1.0\"><streamType>live</streamType>"
          + "<bootstrapInfo profile=\"named\" id=\"b\" url=\"cam/bootstrap\"/>"
          + "<media url=\"cam/f4v\" bootstrapInfoId=\"b\"/></manifest>";

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

  private String text(String name) {
    return store.has(BASE + name) ? new String(store.bytes(BASE + name), StandardCharsets.UTF_8) : "";
  }

  private String words() {
    return store.has(BASE + "cam/bootstrap") ? HdsBootstrap.parse(store.bytes(BASE + "cam/bootstrap")).inWords() : "";
  }

  private static void fragment(LiveFixture live, int number, String content) {
    live.write("hds/cam/f4vSeg1-Frag" + number, content);
  }

  private static void bootstrap(LiveFixture live, HdsBootstrap bootstrap) {
    live.write("hds/cam/bootstrap", bootstrap.bytes());
  }

  @Test
  void fragmentsComeBeforeTheirBootstrapAndThatBeforeItsManifest() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("hds/cam.f4m", MANIFEST);
      bootstrap(live, HdsBootstrap.live(1, 2));
      eventually("it waits", () -> live.status("hds/cam/bootstrap") != null
          && live.status("hds/cam/bootstrap").awaitedCount() == 2);
      assertThat(store.keys()).isEmpty();
      fragment(live, 1, "one");
      eventually("the first one", () -> words().equals("1@0"));
      eventually("the manifest", () -> text("cam.f4m").equals(MANIFEST));
      fragment(live, 2, "two");
      eventually("all", () -> words().equals("1@0 2@1000"));
      assertThat(store.bytes(BASE + "cam/bootstrap")).isEqualTo(HdsBootstrap.live(1, 2).bytes());
      String type = store.client().headObject(
          head -> head.bucket(TestStore.BUCKET).key(BASE + "cam/f4vSeg1-Frag2")).contentType();
      assertThat(type).isEqualTo("video/f4f");
      assertThat(live.status("hds/cam/bootstrap").kind()).isEqualTo("hds");
    }
  }

  @Test
  void aBootstrapThatNoManifestNamesIsKnownByItsName() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      fragment(live, 1, "one");
      bootstrap(live, HdsBootstrap.live(1, 1));
      eventually("it is published", () -> words().equals("1@0"));
      live.write("hds/cam.f4m", MANIFEST.replace("cam/f4v", "cam/other"));
      live.write("hds/cam/otherSeg1-Frag2", "two");
      live.write("hds/cam/bootstrap", HdsBootstrap.live(2, 2).bytes());
      eventually("its manifest knows better", () -> words().equals("2@1000") && store.has(BASE + "cam/otherSeg1-Frag2"));
    }
  }

  @Test
  void aManifestsWordIsEnoughForABootstrapOfAnyName() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("hds/cam.f4m", MANIFEST.replace("cam/bootstrap", "cam/other.boot"));
      fragment(live, 1, "one");
      live.write("hds/cam/other.boot", HdsBootstrap.live(1, 1).bytes());
      eventually("it is published", () -> store.has(BASE + "cam/other.boot") && store.has(BASE + "cam.f4m"));
    }
  }

  @Test
  void aLostFragmentBecomesADiscontinuityAndTheStreamGoesOn() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.WINDOW, Duration.ofSeconds(1), true)) {
      live.write("hds/cam.f4m", MANIFEST);
      fragment(live, 1, "one");
      fragment(live, 3, "three");
      bootstrap(live, HdsBootstrap.live(1, 3));
      eventually("it goes on", () -> words().equals("1@0 2|3 3@2000"));
      eventually("it is told", () -> live.status("hds/cam/bootstrap").gaps() == 1);
      assertThat(live.events(LiveEvent.Kind.GAP)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void numbersOfAnotherRunAreNeverWrittenOverAlsoWhereItBeganUnseen(boolean conditions) {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, Duration.ofSeconds(60), conditions)) {
      live.write("hds/cam.f4m", MANIFEST);
      fragment(live, 1, "one");
      fragment(live, 2, "two");
      bootstrap(live, HdsBootstrap.live(1, 2));
      eventually("it is published", () -> words().equals("1@0 2@1000"));
    }
    // The packager begins anew while nobody looks, and is as far as it was.
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, Duration.ofSeconds(60), conditions)) {
      eventually("it is known", () -> live.status("hds/cam/bootstrap") != null);
      for (int number = 1; number <= 3; number++) {
        fragment(live, number, "new " + number);
      }
      bootstrap(live, HdsBootstrap.live(1, 3).ended());
      eventually("it has ended", () -> HdsBootstrap.parse(store.bytes(BASE + "cam/bootstrap")).fragments().size() >= 3
          && !HdsBootstrap.parse(store.bytes(BASE + "cam/bootstrap")).live());
      assertThat(text("cam/f4vSeg1-Frag1")).isEqualTo("one");
      assertThat(text("cam/f4vSeg1-Frag2")).isEqualTo("two");
      var named = HdsBootstrap.parse(store.bytes(BASE + "cam/bootstrap")).fragments();
      assertThat(named.values()).map(name -> text("cam/f4v" + name)).endsWith("new 1", "new 2", "new 3");
      assertThat(live.events(LiveEvent.Kind.RESTART)).isPositive();
    }
    // Nothing is sent again after a restart, and no number changes.
    byte[] published = store.bytes(BASE + "cam/bootstrap");
    int objects = store.keys().size();
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, Duration.ofSeconds(60), conditions)) {
      eventually("it is known", () -> live.status("hds/cam/bootstrap") != null
          && live.state("hds/cam/bootstrap").equals("ended"));
      assertThat(store.bytes(BASE + "cam/bootstrap")).isEqualTo(published);
      // The store lists an object under a name of its own too, while it is written.
      eventually("there is no other object", () -> store.keys().size() == objects);
      assertThat(live.events(LiveEvent.Kind.CHUNK)).isZero();
    }
  }

  @Test
  void aFragmentThatIsWrittenAnewChangesNothingForPlayers() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("hds/cam.f4m", MANIFEST);
      fragment(live, 1, "one");
      fragment(live, 2, "two");
      bootstrap(live, HdsBootstrap.live(1, 2));
      eventually("it is published", () -> words().equals("1@0 2@1000"));
      fragment(live, 2, "another two");
      fragment(live, 3, "three");
      bootstrap(live, HdsBootstrap.live(1, 3));
      eventually("it goes on", () -> words().equals("1@0 2@1000 3@2000"));
      assertThat(text("cam/f4vSeg1-Frag2")).isEqualTo("two");
      assertThat(live.events(LiveEvent.Kind.RESTART)).isZero();
    }
  }

  @Test
  void fragmentsThatThePackagerRemovedAreRemovedOnceNoBootstrapMeansThem() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("hds/cam.f4m", MANIFEST);
      fragment(live, 1, "one");
      fragment(live, 2, "two");
      bootstrap(live, HdsBootstrap.live(1, 2));
      eventually("it is published", () -> words().equals("1@0 2@1000"));
      live.delete("hds/cam/f4vSeg1-Frag1");
      fragment(live, 3, "three");
      bootstrap(live, HdsBootstrap.live(2, 3));
      eventually("the window moves", () -> words().equals("2@1000 3@2000"));
      eventually("it is removed", () -> !store.has(BASE + "cam/f4vSeg1-Frag1"));
      assertThat(store.keys()).contains(
          BASE + "cam/f4vSeg1-Frag2", BASE + "cam/f4vSeg1-Frag3", BASE + "cam/bootstrap", BASE + "cam.f4m");
    }
  }

  @Test
  void aTornBootstrapIsReadOnceItIsWhole() throws Exception {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("hds/cam.f4m", MANIFEST);
      fragment(live, 1, "one");
      byte[] whole = HdsBootstrap.live(1, 1).bytes();
      Path file = live.folder.resolve("hds/cam/bootstrap");
      Files.write(file, java.util.Arrays.copyOf(whole, 40));
      eventually("it is known", () -> live.status("hds/cam/bootstrap") != null);
      Files.write(file, whole);
      eventually("it is published", () -> words().equals("1@0"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "<media url=\"../../secret\" bootstrapInfoId=\"i\"/>", "<media url=\"/etc/passwd\" bootstrapInfoId=\"i\"/>",
      "<media href=\"../../../x.f4m\"/>", "<media url=\"file:///etc/passwd\"/>", "<drmAdditionalHeader url=\"../../secret\"/>"})
  void aManifestThatLeadsOutOfTheFolderIsRefusedAndNothingOfItPublished(String hostile) throws Exception {
    Files.writeString(temp.resolve("secretSeg1-Frag1"), "secret");
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      fragment(live, 1, "one");
      String inline = Base64.getEncoder().encodeToString(HdsBootstrap.live(1, 1).bytes());
      String manifest = MANIFEST.replace(
          "</manifest>", "<bootstrapInfo id=\"i\">" + inline + "</bootstrapInfo>" + hostile + "</manifest>");
      live.write("hds/cam.f4m", manifest);
      eventually("it is refused", () -> live.status("hds/cam.f4m") != null
          && live.state("hds/cam.f4m").equals("refused"));
      assertThat(live.status("hds/cam.f4m").trouble()).contains("allowed are");
      assertThat(store.keys()).isEmpty();
    }
  }
}
