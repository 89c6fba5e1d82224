package org.reelway.live.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reelway.live.Published;

/** Where the live window goes on in the complete playlist. */
class HlsArchiveTest {
  private static final String GAP_IN_TIME = "#EXT-X-DISCONTINUITY\n";

  private final HlsKind hls = new HlsKind(1L << 30);
  private Published archive;

  private Published live(String name, int from, int to) {
    String segments = IntStream.rangeClosed(from, to)
        .mapToObj(i -> "#EXTINF:2,\n" + name + i + ".ts\n")
        .collect(Collectors.joining());
    return live("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:" + from + "\n" + segments);
  }

  private Published live(String text) {
    return hls.readPublished(text.getBytes(StandardCharsets.UTF_8), "");
  }

  /** Brings each one in the place of the one before, and the archive through the store. */
  private void publish(Published... versions) {
    for (int i = 0; i + 1 < versions.length; i++) {
      hls.archived(archive, versions[i], versions[i + 1])
          .ifPresent(written -> archive = hls.readPublished(written.bytes(), written.memo()));
    }
  }

  private String end(Published last) {
    return new String(hls.archived(archive, last, null).orElseThrow().bytes(), StandardCharsets.UTF_8);
  }

  private static List<String> uris(String text) {
    return text.lines().filter(line -> !line.startsWith("#")).toList();
  }

  private static List<String> names(String name, int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> name + i + ".ts").toList();
  }

  @Test
  void chunksBehindAHoleInTheNumbersAreListedOnceEach() {
    publish(live("a", 0, 2), live("a", 1, 3), live("a", 2, 4), live("a", 20, 22), live("a", 21, 23), live("a", 22, 24),
        live("a", 23, 25), live("a", 40, 42), live("a", 43, 45), live("a", 44, 46));
    String all = end(live("a", 44, 46));
    assertThat(uris(all)).containsExactlyElementsOf(
        List.of(names("a", 0, 4), names("a", 20, 25), names("a", 40, 46)).stream().flatMap(List::stream).toList());
    assertThat(all).contains("#EXT-X-MEDIA-SEQUENCE:0\n", "a4.ts\n" + GAP_IN_TIME, "a25.ts\n" + GAP_IN_TIME);
    assertThat(all.split(GAP_IN_TIME, -1)).as("nowhere else").hasSize(3);
  }

  @Test
  void whatFollowsByNumberNeedNotOverlap() {
    publish(live("a", 0, 1), live("a", 2, 3), live("a", 4, 4), live("a", 5, 5));
    String all = end(live("a", 5, 5));
    assertThat(uris(all)).containsExactlyElementsOf(names("a", 0, 5));
    assertThat(all).doesNotContain(GAP_IN_TIME);
  }

  @Test
  void anArchiveThatWasNumberedByCountOnlyGoesOnBehindItsLastChunk() {
    archive = live("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:2,\na0.ts\n" + GAP_IN_TIME
        + "#EXTINF:2,\na20.ts\n#EXTINF:2,\na21.ts\n");
    publish(live("a", 20, 22), live("a", 23, 25), live("a", 24, 26));
    String all = end(live("a", 24, 26));
    assertThat(uris(all).subList(1, 8)).containsExactlyElementsOf(names("a", 20, 26));
    assertThat(all.split(GAP_IN_TIME, -1)).hasSize(2);
  }

  @Test
  void aLivePlaylistThatWasRemovedFromTheStoreAndBeganAnewIsAnotherPart() {
    publish(live("a", 0, 20), live("a", 21, 22));
    publish(live("b", 0, 2), live("b", 1, 3), live("b", 3, 5));
    String all = end(live("b", 3, 5));
    assertThat(uris(all)).containsExactlyElementsOf(
        List.of(names("a", 0, 20), names("b", 0, 5)).stream().flatMap(List::stream).toList());
    assertThat(all.split(GAP_IN_TIME, -1)).hasSize(2);
  }

  @Test
  void anOlderLivePlaylistAddsNothing() {
    publish(live("a", 0, 9), live("a", 10, 12));
    publish(live("a", 3, 5), live("a", 7, 9));
    assertThat(uris(end(live("a", 4, 6)))).containsExactlyElementsOf(names("a", 0, 9));
  }

  @Test
  void aChunkThatWasWrittenAnewUnderItsNumberDoesNotRepeatTheOthers() {
    publish(live("a", 0, 4), live("a", 5, 6));
    String rewritten = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:2\n#EXTINF:2,\na2.ts\n#EXTINF:2,\na3.ts\n"
        + "#EXTINF:2,\na4-89abcdef.ts\n#EXTINF:2,\na5.ts\n";
    assertThat(uris(end(live(rewritten)))).containsExactlyElementsOf(names("a", 0, 5));
  }
}
