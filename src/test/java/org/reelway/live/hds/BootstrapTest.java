package org.reelway.live.hds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;
import org.reelway.live.Edition;
import org.reelway.live.NamedFile;
import org.reelway.live.Presence;
import org.reelway.live.Published;
import org.reelway.testkit.HdsBootstrap;

class BootstrapTest {
  private final BootstrapKind kind = BootstrapKind.of(List.of("stream0"));
  private final Store store = new Store();

  /** What is in a store, by the URI that players have. */
  private static final class Store implements Presence {
    private final Set<String> missing = new HashSet<>();
    private final Set<String> lost = new HashSet<>();
    private final Set<String> taken = new HashSet<>();

    @Override
    public State of(NamedFile named) {
      if (taken.contains(named.as())) {
        return State.TAKEN;
      }
      if (lost.contains(named.uri())) {
        return State.LOST;
      }
      return missing.contains(named.uri()) ? State.AWAITED : State.THERE;
    }

    @Override
    public String uri(NamedFile named) {
      return named.as();
    }
  }

  private static byte[] recorded(String name) {
    try (InputStream in = BootstrapTest.class.getResourceAsStream("/hds/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Optional<Published> next(byte[] origin, Published before) {
    return kind.read(origin).following(null, before, store).after(before, store);
  }

  private Published published(HdsBootstrap origin, Published before) {
    return next(origin.bytes(), before).orElseThrow();
  }

  private static String words(Published version) {
    return HdsBootstrap.parse(version.bytes()).inWords();
  }

  /** As after a restart: from the bytes and the memo alone. */
  private Published stored(Published version) {
    return kind.readPublished(version.bytes(), version.memo());
  }

  private static List<String> uris(Published version) {
    return version.names().stream().map(NamedFile::uri).toList();
  }

  @ParameterizedTest
  @CsvSource({"ffmpeg-1.abst, 1, 1, false", "ffmpeg-2.abst, 1, 2, false", "ffmpeg-4.abst, 2, 4, false",
      "ffmpeg-end.abst, 3, 5, true"})
  void whatFfmpegWritesIsPublishedByteForByte(String file, int first, int last, boolean ended) {
    byte[] origin = recorded(file);
    Published version = next(origin, null).orElseThrow();
    assertThat(version.bytes()).isEqualTo(origin);
    assertThat(version.inWords()).isEqualTo(first + " to " + last);
    assertThat(uris(version)).startsWith("stream0Seg1-Frag" + first).endsWith("stream0Seg1-Frag" + last)
        .hasSize(last - first + 1);
    assertThat(version.ended()).isEqualTo(ended);
  }

  @Test
  void aBootstrapWithoutFragmentsIsNotPublished() {
    assertThat(next(recorded("ffmpeg-0.abst"), null)).isEmpty();
  }

  @Test
  void aRunOfManyFragmentsEndsWhereItsSegmentsOrItsMediaTimeEnd() {
    HdsBootstrap run = new HdsBootstrap(1, true, 12_000, List.of(new long[] {1, -1}), List.of(new long[] {1, 0, 4000, -1}));
    assertThat(uris(published(run, null))).containsExactly("stream0Seg1-Frag1", "stream0Seg1-Frag2", "stream0Seg1-Frag3");
    HdsBootstrap segments =
        new HdsBootstrap(1, false, 13_000, List.of(new long[] {1, 2}, new long[] {3, 1}), List.of(new long[] {7, 0, 2600, -1}));
    assertThat(uris(published(segments, null))).containsExactly(
        "stream0Seg1-Frag7", "stream0Seg1-Frag8", "stream0Seg2-Frag9", "stream0Seg2-Frag10", "stream0Seg3-Frag11");
  }

  @Test
  void aVersionIsCutAtTheFirstFragmentThatIsNotThereAndStaysLive() {
    store.missing.add("stream0Seg1-Frag4");
    HdsBootstrap origin = HdsBootstrap.live(2, 5).ended();
    Published cut = published(origin, null);
    HdsBootstrap read = HdsBootstrap.parse(cut.bytes());
    assertThat(read.inWords()).isEqualTo("2@1000 3@2000");
    assertThat(read.live()).as("more comes").isTrue();
    assertThat(read.mediaTime()).isEqualTo(3000);
    assertThat(read.segments().get(0)).containsExactly(1, 2);
    assertThat(cut.ended()).isFalse();
    store.missing.clear();
    Published whole = published(origin, stored(cut));
    assertThat(whole.bytes()).isEqualTo(origin.bytes());
    assertThat(read.version()).isLessThan(origin.version());
  }

  @Test
  void nothingIsPublishedForTheSakeOfAFragmentThatIsNotThere() {
    Published before = published(HdsBootstrap.live(1, 3), null);
    store.missing.add("stream0Seg1-Frag4");
    assertThat(next(HdsBootstrap.live(2, 4).bytes(), before)).contains(before);
    store.missing.add("stream0Seg1-Frag1");
    assertThat(next(HdsBootstrap.live(1, 3).bytes(), null)).isEmpty();
  }

  @Test
  void aLostFragmentIsADiscontinuityAndStaysOne() {
    store.lost.add("stream0Seg1-Frag2");
    store.lost.add("stream0Seg1-Frag3");
    Published gap = published(HdsBootstrap.live(1, 5), null);
    assertThat(words(gap)).isEqualTo("1@0 2|3 4@3000 5@4000");
    assertThat(uris(gap)).doesNotContain("stream0Seg1-Frag2", "stream0Seg1-Frag3").hasSize(3);
    assertThat(kind.read(HdsBootstrap.live(1, 5).bytes()).gaps(gap)).isEqualTo(2);
    assertThat(HdsBootstrap.parse(gap.bytes()).fragments().keySet()).containsExactly(1L, 4L, 5L);
    store.lost.clear();
    Published later = published(HdsBootstrap.live(1, 6), stored(gap));
    assertThat(words(later)).as("players were told so").isEqualTo("1@0 2|3 4@3000 5@4000 6@5000");
  }

  @Test
  void aDiscontinuityOfThePackagersOwnStaysToTheByte() {
    HdsBootstrap origin = new HdsBootstrap(
        3, true, 12_000, List.of(new long[] {1, -1}),
        List.of(new long[] {1, 0, 1000, -1}, new long[] {3, 2000, 0, 3}, new long[] {6, 9000, 1500, -1}));
    Published version = published(origin, null);
    assertThat(version.bytes()).isEqualTo(origin.bytes());
    assertThat(uris(version)).containsExactly(
        "stream0Seg1-Frag1", "stream0Seg1-Frag2", "stream0Seg1-Frag6", "stream0Seg1-Frag7");
  }

  @Test
  void aPackagerThatBeginsAnewGoesOnWithHigherNumbersBehindADiscontinuity() {
    Published before = published(HdsBootstrap.live(3, 5), null);
    Edition empty = kind.read(recorded("ffmpeg-0.abst")).following(kind.read(HdsBootstrap.live(3, 5).bytes()), before, store);
    assertThat(empty.after(before, store)).isEmpty();
    Edition anew = kind.read(HdsBootstrap.live(1, 1).bytes()).following(empty, before, store);
    assertThat(anew.names()).containsExactly(NamedFile.numbered("stream0Seg1-Frag1", "stream0Seg1-Frag6"));
    Published second = anew.after(before, store).orElseThrow();
    assertThat(words(second)).as("as long as it was").isEqualTo("4@3000 5@4000 6|2 6@0");
    assertThat(HdsBootstrap.parse(second.bytes()).version()).isGreaterThan(5);

    Published third = published(HdsBootstrap.live(1, 2), stored(second));
    assertThat(words(third)).isEqualTo("5@4000 6|2 6@0 7@1000");
    Published later = published(HdsBootstrap.live(3, 5).ended(), stored(third));
    assertThat(words(later)).isEqualTo("8@2000 9@3000 10@4000");
    assertThat(later.ended()).isTrue();
    assertThat(uris(later)).containsExactly("stream0Seg1-Frag8", "stream0Seg1-Frag9", "stream0Seg1-Frag10");
  }

  @Test
  void numbersThatOtherFilesHaveInTheStoreAreLeftOut() {
    Published before = published(HdsBootstrap.live(1, 2), null);
    store.taken.addAll(Set.of("stream0Seg1-Frag1", "stream0Seg1-Frag2", "stream0Seg1-Frag3", "stream0Seg1-Frag5"));
    Edition edition = kind.read(HdsBootstrap.live(1, 3).bytes()).following(null, before, store);
    Edition unmoved = null;
    while (unmoved != edition) {
      unmoved = edition;
      edition = edition.following(edition, before, store);
    }
    Published version = edition.after(before, store).orElseThrow();
    assertThat(words(version)).isEqualTo("7@0 8@1000 9@2000");
    assertThat(kind.read(HdsBootstrap.live(1, 4).bytes()).following(edition, before, store).names())
        .as("the next version knows").contains(NamedFile.numbered("stream0Seg1-Frag4", "stream0Seg1-Frag10"));
  }

  @Test
  void whatIsPublishedOfARunKeepsItsNumbersWhenALaterOneIsTaken() {
    Published before = published(HdsBootstrap.live(1, 2), null);
    Published anew = published(HdsBootstrap.live(1, 1), before);
    store.taken.add("stream0Seg1-Frag4");
    Edition first = kind.read(HdsBootstrap.live(1, 2).bytes()).following(null, anew, store);
    Edition second = first.following(first, anew, store);
    assertThat(second.names()).containsExactly(NamedFile.numbered("stream0Seg1-Frag2", "stream0Seg1-Frag5"));
    Published later = stored(second.after(anew, store).orElseThrow());
    assertThat(words(later)).endsWith("3@0 4|3 5@1000");
    assertThat(words(published(HdsBootstrap.live(1, 3), later))).endsWith("5@1000 6@2000");
  }

  @Test
  void numbersOfFragmentsThatWereSentAndNeverPublishedAreLeftOut() {
    Published before = published(HdsBootstrap.live(1, 2), null);
    Edition unpublished = kind.read(HdsBootstrap.live(1, 4).bytes()).following(null, before, store);
    Edition empty = kind.read(recorded("ffmpeg-0.abst")).following(unpublished, before, store);
    Edition anew = kind.read(HdsBootstrap.live(1, 1).bytes()).following(empty, before, store);
    assertThat(words(anew.after(before, store).orElseThrow())).isEqualTo("2@1000 3|3 5@0");
  }

  @Test
  void whatIsPublishedNeverGoesBack() {
    Published before = published(HdsBootstrap.live(1, 6), null);
    store.missing.add("stream0Seg1-Frag5");
    assertThat(next(HdsBootstrap.live(2, 7).bytes(), before)).isEmpty();
  }

  @Test
  void qualitiesThatShareABootstrapAreBothWaitedFor() {
    BootstrapKind both = BootstrapKind.of(List.of("low", "../other/high"));
    store.missing.add("../other/highSeg1-Frag2");
    Published version = both.read(HdsBootstrap.live(1, 2).bytes()).after(null, store).orElseThrow();
    assertThat(uris(version)).containsExactly("lowSeg1-Frag1", "../other/highSeg1-Frag1");
  }

  @Test
  void theCompleteBootstrapHasWhatTheWindowDropped() {
    Published first = published(HdsBootstrap.live(1, 3), null);
    Published second = published(HdsBootstrap.live(3, 5), first);
    assertThat(kind.archived(null, first, published(HdsBootstrap.live(1, 4), first))).as("nothing is lost yet").isEmpty();
    Published archive = kind.archived(null, first, second).orElseThrow();
    Published end = published(HdsBootstrap.live(7, 8).ended(), second);
    archive = kind.archived(stored(archive), second, end).orElseThrow();
    Published complete = kind.archived(stored(archive), end, null).orElseThrow();
    assertThat(words(complete)).isEqualTo("1@0 2@1000 3@2000 4@3000 5@4000 6|3 7@6000 8@7000");
    assertThat(complete.ended()).isTrue();
    assertThat(HdsBootstrap.parse(complete.bytes()).segments().get(0)).containsExactly(1, 8);
  }

  @Test
  void aHoleOfMoreFragmentsThanTheHeapCanHoldIsRefused() {
    Published archive = kind.archived(null, published(HdsBootstrap.live(1, 3), null), null).orElseThrow();
    Published far = published(HdsBootstrap.live(1_500_000_001, 1_500_000_002), null);
    assertThatThrownBy(() -> kind.archived(archive, far, null))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("1500000000 fragments");
  }

  @Test
  void aTornBootstrapIsRefusedWhereverItEnds() {
    byte[] whole = recorded("ffmpeg-4.abst");
    assertThat(kind.isWhole(whole)).isTrue();
    for (int length = 0; length < whole.length; length++) {
      byte[] torn = Arrays.copyOf(whole, length);
      assertThat(kind.isWhole(torn)).isFalse();
      assertThatThrownBy(() -> kind.read(torn)).isInstanceOf(InputFailure.class);
    }
  }

  @Test
  void whatIsNoBootstrapIsRefusedWithTheReason() {
    assertRefused(new byte[64], "no bootstrap");
    assertRefused("#!/bin/sh\necho this starts a server\n".getBytes(), "no bootstrap");
    byte[] many = HdsBootstrap.live(1, 1).bytes();
    many[many.length - 20] = 127;
    assertRefused(many, "fragment table cannot have");
    List<long[]> huge = List.of(new long[] {1, 0, 1, -1}, new long[] {2_000_000_000, 5, 1, -1});
    assertRefused(new HdsBootstrap(1, true, 9, List.of(new long[] {1, -1}), huge).bytes(), "are taken at most");
    List<long[]> back = List.of(new long[] {5, 0, 1, -1}, new long[] {2, 5, 1, -1});
    assertRefused(new HdsBootstrap(1, true, 9, List.of(new long[] {1, -1}), back).bytes(), "behind a later one");
    byte[] update = HdsBootstrap.live(1, 1).bytes();
    update[16] = 0x30;
    assertRefused(update, "update of another one");
  }

  private void assertRefused(byte[] bytes, String why) {
    assertThatThrownBy(() -> kind.read(bytes)).isInstanceOf(InputFailure.class).hasMessageContaining(why);
  }

  @Test
  void aSegmentForEachOfManyFragmentsIsRead() {
    List<long[]> entries = new ArrayList<>();
    List<long[]> segments = new ArrayList<>();
    for (int i = 1; i <= 20_000; i++) {
      entries.add(new long[] {i, i * 1000L, 1000, -1});
      segments.add(new long[] {i, 1});
    }
    Published version = published(new HdsBootstrap(1, true, 0, segments, entries), null);
    assertThat(uris(version)).hasSize(20_000).endsWith("stream0Seg20000-Frag20000");
  }
}
