package org.reelway.stream.workflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reelway.stream.workflow.archive.ArchiveFixture.PREFIX;
import static org.reelway.stream.workflow.archive.ArchiveFixture.RATE;
import static org.reelway.stream.workflow.archive.ArchiveFixture.open;
import static org.reelway.stream.workflow.archive.ArchiveFixture.request;
import static org.reelway.stream.workflow.archive.ArchiveFixture.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.BadRequest;
import org.reelway.failure.Conflict;
import org.reelway.failure.InputFailure;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.store.S3Store;

/** Sections of archives in a real store, played by the real ffmpeg and compared picture by picture with what was archived. */
class PlaylistSplitTest {
  @TempDir static Path temp;
  private static ArchiveFixture it;
  private static Path film;
  private static List<String> pictures;

  @BeforeAll
  static void begin() {
    it = new ArchiveFixture(temp);
    // The last segment of 2 s has 0.6 s.
    film = it.film(20.6);
    pictures = ArchiveFixture.pictures(film);
  }

  @AfterAll
  static void end() {
    it.close();
  }

  @AfterEach
  void empty() {
    it.server.keys().forEach(key -> it.delete(key.substring(PREFIX.length())));
    it.told.clear();
  }

  private static List<String> seconds(double from, double to) {
    return pictures.subList((int) Math.round(from * RATE), (int) Math.round(to * RATE));
  }

  private static List<String> split(SplitRequest request) {
    return it.splitter.split(source(2), request).indexes();
  }

  private static String one(Object start, Object end) {
    return split(request(null, start, end)).get(0);
  }

  @Test
  void reelwaysOwnArchiveIsSplitByItsPlaylist() {
    it.put(it.indexed(film, 2));
    String key = one(3, 7.5);
    assertThat(it.shown(key)).isEqualTo(seconds(2, 8));
    assertThat(it.text(key)).contains("#EXT-X-START:TIME-OFFSET=1.000000,PRECISE=YES\n").endsWith("#EXT-X-ENDLIST\n");
    assertThat(it.server.client().headObject(head -> head.bucket(TestStore.BUCKET).key(key)).contentType())
        .isEqualTo("application/vnd.apple.mpegurl");
  }

  @Test
  void anArchiveThatMediaLiveWroteIsSplitByTheTimesOfItsPictures() {
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    String key = one(3, 7.5);
    assertThat(it.shown(key)).isEqualTo(seconds(2, 8));
    assertThat(it.text(key))
        .contains("#EXT-X-START:TIME-OFFSET=1.000000,PRECISE=YES\n", "#EXT-X-TARGETDURATION:2\n", "#EXTINF:2.000000,\n");
  }

  @Test
  void theLastShortSegmentHasItsRealLength() {
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    String key = one(19, 20.6);
    assertThat(it.text(key)).contains("#EXTINF:2.000000,\n_120261130T120000.000009.ts\n#EXTINF:0.600000,\n");
    assertThat(it.shown(key)).isEqualTo(seconds(18, 20.6));
  }

  @Test
  void bordersThatAreSegmentsBordersAddNothing() {
    for (Path archive : List.of(it.indexed(film, 2), it.segments(film, "_120261130T120000.%06d.ts", 2))) {
      empty();
      it.put(archive);
      assertThat(it.named(one(4, 8))).containsExactly("_120261130T120000.000002.ts", "_120261130T120000.000003.ts");
      assertThat(it.named(one("4.0", "6"))).containsExactly("_120261130T120000.000002.ts");
    }
  }

  @Test
  void theSegmentWithTheStartIsThereAndFractionsOfSecondsCount() {
    // L=300, 123 to 456 lost its first 177 s once; 1.999 was read as 1.
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    assertThat(it.named(one(1.999, 2.001))).containsExactly("_120261130T120000.000000.ts", "_120261130T120000.000001.ts");
    assertThat(it.named(one(2.0, 2.04))).containsExactly("_120261130T120000.000001.ts");
  }

  @Test
  void thePlaylistIsWhatPlayersWant() {
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    assertThat(it.text(one(17.25, 20.5))).isEqualTo(
        """
        #EXTM3U
        #EXT-X-VERSION:3
        #EXT-X-TARGETDURATION:2
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-PLAYLIST-TYPE:VOD
        #EXT-X-START:TIME-OFFSET=1.250000,PRECISE=YES
        #EXTINF:2.000000,
        _120261130T120000.000008.ts
        #EXTINF:2.000000,
        _120261130T120000.000009.ts
        #EXTINF:0.600000,
        _120261130T120000.000010.ts
        #EXT-X-ENDLIST
        """);
  }

  @Test
  void sectionsOfOneRequestShareItsListing() {
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    long before = it.asked("list-type=2");
    split(request(null, 0, 1, 3, 7, 9, 11, 15, 17));
    assertThat(it.asked("list-type=2") - before).isEqualTo(1);
  }

  @Test
  void twoPipelinesAreNotPlayedOneAfterTheOther() {
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    it.put(it.segments(film, "_220261130T120000.%06d.ts", 2));
    String key = one(0, 20.6);
    assertThat(it.shown(key)).isEqualTo(pictures);
    assertThat(it.named(key)).allMatch(name -> name.startsWith("_1"));
    assertThat(it.text(key)).doesNotContain("DISCONTINUITY");
  }

  @Test
  void theOtherPipelineFillsHoles() {
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    it.put(it.segments(film, "_220261130T120000.%06d.ts", 2));
    it.delete("_120261130T120000.000002.ts");
    it.delete("_120261130T120000.000003.ts");
    it.delete("_120261130T120000.000010.ts");
    String key = one(1, 20.6);
    assertThat(it.shown(key)).isEqualTo(pictures);
    assertThat(it.named(key).stream().map(name -> name.substring(0, 2)).toList())
        .containsExactly("_1", "_1", "_2", "_2", "_1", "_1", "_1", "_1", "_1", "_1", "_2");
    assertThat(it.text(key).split("#EXT-X-DISCONTINUITY\n")).hasSize(4);
  }

  @Test
  void aHoleInBothPipelinesIsLeftOutBehindADiscontinuity() {
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    it.delete("_120261130T120000.000002.ts");
    String key = one(3, 7);
    assertThat(it.named(key)).containsExactly("_120261130T120000.000001.ts", "_120261130T120000.000003.ts");
    assertThat(it.text(key)).contains("_120261130T120000.000001.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:2.000000,\n");
    assertRefused("timestamp_list[0]\" has nothing in it", request(null, 4.5, 5.5));
  }

  @Test
  void aPipelineThatWasStartedAgainGoesOnWhereItsNameSays() {
    // It began anew at its first second, and with its counter.
    it.put(it.segments(it.film(6), "_120261130T120000.%06d.ts", 2));
    it.put(it.segments(film, "_120261130T120010.%06d.ts", 2));
    String key = one(5, 13);
    assertThat(it.named(key))
        .containsExactly("_120261130T120000.000002.ts", "_120261130T120010.000000.ts", "_120261130T120010.000001.ts");
    assertThat(it.text(key)).contains("#EXT-X-DISCONTINUITY\n#EXTINF:2.000000,\n_120261130T120010.000000.ts\n");
    assertThat(it.named(one(13, 14.5))).hasSize(2);
  }

  @Test
  void clocksThatBeginAnewAfter26HoursAreFollowed() {
    // 2^33 / 90000 = 95443.7 s.
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2, "-output_ts_offset", "95434.3"));
    assertThat(it.shown(one(7, 15))).isEqualTo(seconds(6, 16));
    assertThat(it.text(one(19, 20.6))).contains("#EXTINF:0.600000,\n");
  }

  @Test
  void m2tsWithPacketsOf188BytesIsSplit() {
    it.put(it.segments(film, "_120261130T120000.%06d.m2ts", 2, "-segment_format_options", "mpegts_m2ts_mode=0"));
    assertThat(it.shown(one(3, 7.5))).isEqualTo(seconds(2, 8));
  }

  @Test
  void m2tsWithPacketsOf192BytesIsRefusedForPlaylistsAndNothingIsWritten() {
    it.put(it.segments(film, "_120261130T120000.%06d.m2ts", 2, "-segment_format_options", "mpegts_m2ts_mode=1"));
    List<String> before = it.server.keys();
    assertRefused("no HLS player takes that; ask for \"format\": \"mp4\"", request(null, 3, 7.5));
    assertThat(it.server.keys()).isEqualTo(before);
  }

  @Test
  void fragmentedMp4IsSplitWithItsMap() {
    it.put(it.indexed(film, 2, "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4"));
    String key = one(3, 7.5);
    assertThat(it.text(key)).contains("#EXT-X-MAP:URI=\"init.mp4\"\n");
    assertThat(it.shown(key)).isEqualTo(seconds(2, 8));
  }

  @Test
  void fragmentedMp4WithoutAPlaylistIsSplitByTheTimesOfItsFragments() throws Exception {
    Path to = it.newFolder();
    ArchiveFixture.run(
        "-i", film.toString(), "-c", "copy", "-f", "hls", "-hls_time", "2", "-hls_list_size", "0", "-hls_segment_type", "fmp4",
        "-hls_fmp4_init_filename", "_120261130T120000.init.mp4", "-hls_segment_filename",
        to.resolve("_120261130T120000.%06d.m4s").toString(), to.resolve("index.m3u8").toString());
    Files.delete(to.resolve("index.m3u8"));
    it.put(to);
    String key = one(3, 7.5);
    assertThat(it.text(key)).contains("#EXT-X-MAP:URI=\"_120261130T120000.init.mp4\"\n");
    assertThat(it.shown(key)).isEqualTo(seconds(2, 8));
    assertThat(it.text(one(19, 20.6))).contains("#EXTINF:0.600000,\n");
  }

  @Test
  void whatIsBehindTheFragmentsOfTheLastSegmentDoesNoHarm() throws Exception {
    Path to = it.newFolder();
    ArchiveFixture.run(
        "-i", film.toString(), "-c", "copy", "-f", "hls", "-hls_time", "2", "-hls_list_size", "0", "-hls_segment_type", "fmp4",
        "-hls_fmp4_init_filename", "_120261130T120000.init.mp4", "-hls_segment_filename",
        to.resolve("_120261130T120000.%06d.m4s").toString(), to.resolve("index.m3u8").toString());
    Files.delete(to.resolve("index.m3u8"));
    it.put(to);
    Path last = to.resolve("_120261130T120000.000010.m4s");
    byte[] media = Files.readAllBytes(last);
    byte[] endless = {0, 0, 0, 1, 'f', 'r', 'e', 'e', 0x7f, -1, -1, -1, -1, -1, -1, -1};
    for (byte[] behind : List.of(new byte[16], endless)) {
      it.put(last.getFileName().toString(), ByteBuffer.allocate(media.length + 16).put(media).put(behind).array());
      assertThat(it.text(one(19, 20.6))).contains("#EXTINF:0.600000,\n");
    }
  }

  @Test
  void sectionsMayOverlapAndComeInAnyOrder() {
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    List<String> keys = split(request("my.clip", 15, 17, "3", 7.5, 5, 9));
    assertThat(keys)
        .containsExactly(PREFIX + "index_my.clip_0.m3u8", PREFIX + "index_my.clip_1.m3u8", PREFIX + "index_my.clip_2.m3u8");
    assertThat(it.shown(keys.get(0))).isEqualTo(seconds(14, 18));
    assertThat(it.shown(keys.get(1))).isEqualTo(seconds(2, 8));
    assertThat(it.shown(keys.get(2))).isEqualTo(seconds(4, 10));
    assertThat(it.told).singleElement().satisfies(told -> {
      assertThat(told.stream()).isEqualTo("cam");
      assertThat(told.sections()).extracting(SplitDone.Made::name).isEqualTo(keys);
    });
  }

  @Test
  void withoutAModifierNamesAreTheirOwn() {
    it.put(it.indexed(film, 2));
    assertThat(one(0, 1)).matches(PREFIX + "index_[0-9a-f]{32}_0\\.m3u8").isNotEqualTo(one(0, 1));
  }

  @Test
  void aRepeatedSplitIsASuccessAndAnotherOneOfTheNameARefusal() {
    it.put(it.indexed(film, 2));
    List<String> keys = split(request("clip", 3, 7));
    String text = it.text(keys.get(0));
    assertThat(split(request("clip", 3, 7))).isEqualTo(keys);
    assertThatThrownBy(() -> split(request("clip", 9, 11, 3, 7)))
        .isInstanceOf(Conflict.class).hasMessageContaining("index_clip_0.m3u8 is there already");
    assertThat(it.text(keys.get(0))).isEqualTo(text);
    assertThat(it.server.keys()).noneMatch(key -> key.endsWith("index_clip_1.m3u8"));
  }

  @Test
  void whatSomebodyElseWritesMeanwhileIsNotWrittenOver() {
    it.put(it.indexed(film, 2));
    try (FaultyStore gate = FaultyStore.before(it.server.endpoint());
        S3Store through = ArchiveFixture.connect(gate.endpoint());
        PlaylistSplitter splitter = new PlaylistSplitter(ArchiveFixture.archives(through), it.told::add)) {
      gate.onRequest(request -> {
        if (request.operation() == StoreRequest.Operation.PUT) {
          it.put("index_clip_0.m3u8", "another's".getBytes(StandardCharsets.UTF_8));
        }
      });
      assertThatThrownBy(() -> splitter.split(source(2), request("clip", 3, 7))).isInstanceOf(Conflict.class);
      assertThat(it.text(PREFIX + "index_clip_0.m3u8")).isEqualTo("another's");
      // The same playlist is as good as one's own; so is one whose answer is lost.
      gate.onRequest(request -> { });
      it.delete("index_clip_0.m3u8");
      gate.fail(StoreRequest.Operation.PUT, StoreFault.lostAnswer(), 1);
      assertThat(splitter.split(source(2), request("clip", 3, 7)).indexes()).hasSize(1);
      assertThat(it.shown(PREFIX + "index_clip_0.m3u8")).isEqualTo(seconds(2, 8));
    }
  }

  @Test
  void aSplitIsNoPartOfTheArchive() {
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    split(request("20261130T120000.000000", 3, 7));
    assertThat(it.shown(one(3, 7.5))).isEqualTo(seconds(2, 8));
  }

  @Test
  void nothingIsWrittenUnlessAllSectionsAreThere() {
    for (Path archive : List.of(it.indexed(film, 2), it.segments(film, "_120261130T120000.%06d.ts", 2))) {
      empty();
      it.put(archive);
      List<String> before = it.server.keys();
      assertRefused(
          "\"timestamp_list[1].end\" is 30.0, and the archive reaches to 20.600", request("clip", 3, 7, 19, 30));
      assertRefused("\"timestamp_list[0].end\" is 101.0, and the archive reaches to 20.6", request("clip", 100, 101));
      assertThat(it.server.keys()).isEqualTo(before);
    }
  }

  @Test
  void whileTheSessionGoesOnWhatIsThereIsSplitAndTheRestRefusedWithHowFarItReaches() throws Exception {
    Path archive = it.indexed(film, 2, "-hls_playlist_type", "event");
    Path index = archive.resolve("index.m3u8");
    String text = Files.readString(index).replaceFirst("#EXTINF:[0-9.]+,\n_120261130T120000.000005[^Z]*", "");
    Files.writeString(index, text);
    it.put(archive);
    String key = it.splitter.split(open(2), request(null, 7, 10)).indexes().get(0);
    assertThat(it.shown(key)).isEqualTo(seconds(6, 10));
    assertThat(it.text(key)).endsWith("#EXT-X-ENDLIST\n");
    assertThatThrownBy(() -> it.splitter.split(open(2), request(null, 7, 11)))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("the archive reaches to 10.000 so far: the session goes on");
  }

  @Test
  void whatMediaLiveHasClosedIsSplitWhileItGoesOn() {
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    it.delete("_120261130T120000.000009.ts");
    it.delete("_120261130T120000.000010.ts");
    String key = it.splitter.split(open(2), request(null, 15, 18)).indexes().get(0);
    assertThat(it.shown(key)).isEqualTo(seconds(14, 18));
    assertThatThrownBy(() -> it.splitter.split(open(2), request(null, 15, 19)))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("the archive reaches to 18.000 so far: the session goes on");
  }

  @Test
  void anArchiveWithoutSegmentsIsRefused() {
    it.put("readme.txt", new byte[] {1});
    assertRefused("has no segments", request(null, 0, 1));
  }

  private static void assertRefused(String words, SplitRequest request) {
    assertThatThrownBy(() -> split(request)).isInstanceOf(InputFailure.class).hasMessageContaining(words);
  }

  @Test
  void anIndexThatIsTooLongForAPlaylistIsNotReadToItsEnd() {
    it.put("index.m3u8", new byte[(32 << 20) + 1]);
    assertThatThrownBy(() -> split(request("long", 0, 2))).isInstanceOf(InputFailure.class).hasMessageContaining("32 MiB");
  }
}
