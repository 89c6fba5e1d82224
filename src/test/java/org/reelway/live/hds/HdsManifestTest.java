package org.reelway.live.hds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.live.NamedFile;
import org.reelway.live.Presence;
import org.reelway.live.Published;
import org.reelway.testkit.HdsBootstrap;

class HdsManifestTest {
  private static final Pattern INLINE = Pattern.compile("<bootstrapInfo[^>]*>([^<]+)</bootstrapInfo>");
  private static final String HEAD =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest xmlns=\"http://ns.adobe.com/f4m/1.0\">\n"
          + "<!-- <media url=\"none\"/> -->\n<streamType>live</streamType>\n";

  private final ManifestKind kind = new ManifestKind();
  private final Store store = new Store();

  /** What is in a store, by URI. */
  private static final class Store implements Presence {
    private final Set<String> missing = new HashSet<>();
    private final Set<String> lost = new HashSet<>();
    private final Set<String> ended = new HashSet<>();

    @Override
    public State of(NamedFile named) {
      return lost.contains(named.uri()) ? State.LOST : missing.contains(named.uri()) ? State.AWAITED : State.THERE;
    }

    @Override
    public boolean isEnded(NamedFile named) {
      return ended.contains(named.uri());
    }

    @Override
    public String uri(NamedFile named) {
      return named.as() == null ? named.uri() : named.as();
    }
  }

  private static byte[] recorded(String name) {
    try (InputStream in = HdsManifestTest.class.getResourceAsStream("/hds/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Optional<Published> next(byte[] origin, Published before) {
    return kind.read(origin).following(null, before, store).after(before, store);
  }

  private static String text(Published version) {
    return new String(version.bytes(), StandardCharsets.UTF_8);
  }

  private static List<String> uris(List<NamedFile> names) {
    return names.stream().map(NamedFile::uri).toList();
  }

  private static String inline(HdsBootstrap bootstrap) {
    return Base64.getMimeEncoder().encodeToString(bootstrap.bytes());
  }

  private static String withInline(String content) {
    return HEAD + "<bootstrapInfo profile='named' id='b1'>" + content + "</bootstrapInfo>\n"
        + "<media url=\"cam/f4v\" bootstrapInfoId=\"b1\" bitrate=\"500\" /><!-- \u00e9 -->\n</manifest>";
  }

  private static HdsBootstrap bootstrapOf(Published version) {
    Matcher matcher = INLINE.matcher(text(version));
    assertThat(matcher.find()).isTrue();
    return HdsBootstrap.parse(Base64.getMimeDecoder().decode(matcher.group(1)));
  }

  @Test
  void whatFfmpegWritesComesAfterItsBootstrapAndToTheByte() {
    byte[] origin = recorded("ffmpeg-live.f4m");
    assertThat(kind.isWhole(origin)).isTrue();
    assertThat(kind.read(origin).names()).containsExactly(NamedFile.playlist("stream0.abst"));
    assertThat(kind.read(origin).kinds()).containsOnlyKeys("stream0.abst")
        .containsEntry("stream0.abst", BootstrapKind.of(List.of("stream0")));
    store.missing.add("stream0.abst");
    assertThat(next(origin, null)).isEmpty();
    store.missing.clear();
    assertThat(next(origin, null).orElseThrow().bytes()).isEqualTo(origin);
  }

  @Test
  void oneThatSaysRecordedComesAfterTheLastVersionOfItsBootstrap() {
    Published live = next(recorded("ffmpeg-live.f4m"), null).orElseThrow();
    assertThat(live.ended()).isFalse();
    assertThat(next(recorded("ffmpeg-end.f4m"), live)).isEmpty();
    store.ended.add("stream0.abst");
    Published end = next(recorded("ffmpeg-end.f4m"), live).orElseThrow();
    assertThat(end.bytes()).isEqualTo(recorded("ffmpeg-end.f4m"));
    assertThat(end.ended()).isTrue();
  }

  @Test
  void severalMediaHaveTheirOwnBootstrapsWhereverTheyLie() {
    String origin = HEAD + "<bootstrapInfo id=\"a\" url=\"cam/low/bootstrap\"/><bootstrapInfo id=\"b\" url=\"high.boot?x=1\"/>"
        + "<media bootstrapInfoId=\"a\" url=\"cam/low/f4v\"/><media bootstrapInfoId=\"b\" url=\"cam/high&amp;2?t=1\"/>"
        + "<media url=\"rtmp://other.example/x\"/></manifest>";
    assertThat(uris(kind.read(bytes(origin)).names()))
        .containsExactlyInAnyOrder("cam/low/bootstrap", "high.boot?x=1", "rtmp://other.example/x");
    assertThat(kind.read(bytes(origin)).kinds())
        .containsEntry("cam/low/bootstrap", BootstrapKind.of(List.of("f4v")))
        .containsEntry("high.boot?x=1", BootstrapKind.of(List.of("cam/high&2")));
    store.lost.add("cam/low/bootstrap");
    assertThat(text(next(bytes(origin), null).orElseThrow()))
        .isEqualTo(origin.replace("\n<bootstrapInfo id=\"a\" url=\"cam/low/bootstrap\"/>", "")
            .replace("<media bootstrapInfoId=\"a\" url=\"cam/low/f4v\"/>", ""));
  }

  @Test
  void aMasterComesAfterTheManifestsThatItNamesAndDoesWithoutOneThatNeverComes() {
    String origin = HEAD.replace("1.0\">", "2.0\">") + "<baseURL>sub</baseURL><media href=\"a.f4m\" bitrate=\"1\"/>"
        + "<media href='b.f4m' bitrate='2'><x/></media></manifest>\n";
    assertThat(uris(kind.read(bytes(origin)).names())).containsExactly("sub/a.f4m", "sub/b.f4m");
    store.missing.add("sub/b.f4m");
    assertThat(next(bytes(origin), null)).isEmpty();
    store.lost.add("sub/b.f4m");
    assertThat(text(next(bytes(origin), null).orElseThrow()))
        .isEqualTo(origin.replace("<media href='b.f4m' bitrate='2'><x/></media>", ""));
    store.lost.add("sub/a.f4m");
    assertThat(next(bytes(origin), null)).as("nothing to play").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "\n  %s\n  ", "<![CDATA[%s]]>"})
  void aBootstrapInTheManifestIsCutLikeAnyOther(String form) {
    String origin = withInline(form.formatted(inline(HdsBootstrap.live(1, 3))));
    assertThat(next(bytes(origin), null).orElseThrow().bytes()).isEqualTo(bytes(origin));
    store.missing.add("cam/f4vSeg1-Frag3");
    Published cut = next(bytes(origin), null).orElseThrow();
    assertThat(bootstrapOf(cut).inWords()).isEqualTo("1@0 2@1000");
    assertThat(text(cut)).startsWith(HEAD).endsWith("<!-- \u00e9 -->\n</manifest>");
    assertThat(uris(cut.names())).containsExactly("cam/f4vSeg1-Frag1", "cam/f4vSeg1-Frag2");
    store.lost.add("cam/f4vSeg1-Frag2");
    store.missing.clear();
    assertThat(bootstrapOf(next(bytes(origin), null).orElseThrow()).inWords()).isEqualTo("1@0 2|3 3@2000");
  }

  @Test
  void aPackagerThatBeginsAnewGoesOnInTheManifestToo() {
    Published before = next(bytes(withInline(inline(HdsBootstrap.live(2, 4)))), null).orElseThrow();
    Published anew = next(bytes(withInline(inline(HdsBootstrap.live(1, 1)))), before).orElseThrow();
    assertThat(bootstrapOf(anew).inWords()).isEqualTo("3@2000 4@3000 5|2 5@0");
    Published stored = kind.readPublished(anew.bytes(), anew.memo());
    assertThat(uris(stored.names())).endsWith("cam/f4vSeg1-Frag5");
    Published later = next(bytes(withInline(inline(HdsBootstrap.live(1, 2)))), stored).orElseThrow();
    assertThat(bootstrapOf(later).inWords()).isEqualTo("4@3000 5|2 5@0 6@1000");
  }

  @Test
  void theCompleteManifestNamesCompleteBootstraps() {
    Published end = kind.readPublished(recorded("ffmpeg-live.f4m"), "");
    assertThat(text(kind.archived(null, end, null).orElseThrow()))
        .isEqualTo(new String(recorded("ffmpeg-live.f4m")).replace("stream0.abst", "stream0-vod.abst")
            .replace("<streamType>live<", "<streamType>recorded<"));
    assertThat(kind.archived(null, end, end)).isEmpty();

    Published first = next(bytes(withInline(inline(HdsBootstrap.live(1, 2)))), null).orElseThrow();
    Published second = next(bytes(withInline(inline(HdsBootstrap.live(3, 4)))), first).orElseThrow();
    Published archive = kind.archived(null, first, second).orElseThrow();
    Published complete = kind.archived(archive, second, null).orElseThrow();
    assertThat(bootstrapOf(complete).inWords()).isEqualTo("1@0 2@1000 3@2000 4@3000");
    assertThat(complete.ended()).isTrue();
  }

  @Test
  void nothingOutsideIsEverRead() {
    String xxe = "<?xml version=\"1.0\"?><!DOCTYPE manifest [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
        + "<manifest><media url=\"&x;\"/></manifest>";
    assertThatThrownBy(() -> kind.read(bytes(xxe))).isInstanceOf(InputFailure.class).hasMessageContaining("DOCTYPE");
    assertRefused("<manifest><media url=\"&x;\"/></manifest>", "no XML");
    assertRefused("<!DOCTYPE manifest SYSTEM \"http://127.0.0.1:9/x.dtd\"><manifest/>", "DOCTYPE");
  }

  @Test
  void whatIsNoManifestIsRefusedWithTheReason() {
    assertRefused("<html/>", "no <manifest>");
    assertRefused("#EXTM3U\n", "no XML");
    assertRefused(HEAD + "<media/></manifest>", "neither url nor href");
    assertRefused(HEAD + "<media url=\"a\" bootstrapInfoId=\"x\"/></manifest>", "no bootstrapInfo \"x\"");
    assertRefused(withInline("not base64!"), "");
    assertRefused(withInline("AAAA"), "torn");
    assertRefused(HEAD + "<bootstrapInfo url=\"../up/b\"/><media url=\"a\"/></manifest>", "leads up");
    assertRefused(HEAD + "<media href=\"a.f4m\"/>".repeat(1001) + "</manifest>", "at most");
    assertRefused("<manifest>" + "<a>".repeat(50), "no XML");
    byte[] torn = recorded("ffmpeg-live.f4m");
    for (int length = 0; length < torn.length - 2; length += 7) {
      assertThat(kind.isWhole(java.util.Arrays.copyOf(torn, length))).isFalse();
    }
  }

  private void assertRefused(String text, String why) {
    assertThatThrownBy(() -> kind.read(bytes(text))).isInstanceOf(InputFailure.class).hasMessageContaining(why);
  }
}
