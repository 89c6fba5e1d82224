package org.reelway.media.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoxTest {
  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static byte[] letters(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void boxesAreFoundByTheirPathAndOneAfterTheOther() throws IOException {
    byte[] file =
        joined(BoxContent.box("ftyp", letters("isom")),
            BoxContent.box("moov", BoxContent.full("mvhd", 1, 7, new byte[96]), BoxContent.box("trak", new byte[0]), BoxContent.box("trak", new byte[0])));
    Box moov = Box.file(file).need("moov");

    assertThat(Box.of(file).next().start()).isEqualTo(moov.start()).isEqualTo(12);
    assertThat(moov.next()).isNull();
    assertThat(moov.need("mvhd").isLarge()).isTrue();
    assertThat(moov.need("mvhd").flags()).isEqualTo(7);
    assertThat(moov.all("trak")).hasSize(2);
    assertThat(moov.find("trak", "mdia")).isEmpty();
    assertThatThrownBy(() -> moov.need("mvex", "trex")).isInstanceOf(BrokenBoxes.class).hasMessage("the box 'moov' has no 'mvex/trex'");
  }

  @Test
  void aSizeMayHave64BitsOrBeZeroForToTheEnd() throws IOException {
    Box large = Box.of(bytes("00000001 6d646174 0000000000000013 010203"));
    assertThat(large.body()).isEqualTo(16);
    assertThat(large.content(3)).containsExactly(1, 2, 3);
    Box open = Box.of(bytes("00000000 6d646174 0102"));
    assertThat(open.isOpen()).isTrue();
    assertThat(open.length()).isEqualTo(2);
    assertThatThrownBy(() -> Box.of(bytes("00000010 6d6f6f76 00000000 6d646174 00")).first())
        .as("within another box").hasMessageContaining("'mdat' at byte 8 says that it has 0 bytes");
  }

  @Test
  void aSizeThatCannotBeIsTold() throws IOException {
    for (String lie : new String[] {
      "00000007 6d6f6f76", "00000009 6d6f6f76", "ffffffff 6d6f6f76", "00000001 6d6f6f76", "00000001 6d6f6f76 000000000000000f",
      "00000001 6d6f6f76 7fffffffffffffff", "00000001 6d6f6f76 ffffffffffffffff"
    }) {
      assertThat(Box.file(bytes(lie)).at(0).isTorn()).as(lie).isTrue();
      assertThatThrownBy(() -> Box.of(bytes(lie))).as(lie).isInstanceOf(BrokenBoxes.class)
          .hasMessageContaining("'moov' at byte 0 says that it has");
    }
    assertThat(Box.file(bytes("00000008 6d6f6f")).first()).as("padding").isNull();
  }

  @Test
  void nothingIsReadBehindTheEnd() throws IOException {
    Box box = Box.file(bytes("0000000c 73747364 01020304 00000008 66726565")).first();

    assertThat(box.u32(0)).isEqualTo(0x01020304);
    assertThatThrownBy(() -> box.i64(0)).hasMessage("the box 'stsd' has 4 bytes where 8 are needed");
    assertThatThrownBy(() -> box.u16(3)).isInstanceOf(BrokenBoxes.class);
    assertThatThrownBy(() -> box.u8(-1)).isInstanceOf(BrokenBoxes.class);
    assertThatThrownBy(() -> box.within(5)).isInstanceOf(BrokenBoxes.class);
    assertThatThrownBy(() -> box.whole(11)).hasMessage("the box 'stsd' at byte 0 has 12 bytes; 11 are taken");
  }

  @Test
  void aFragmentsSamplesAreReadWithWhatHoldsForAll() throws IOException {
    byte[] tfhd = BoxContent.full("tfhd", 0, 0x20028, number(2), number(500), number(0x10000));
    byte[] tfdt = BoxContent.full("tfdt", 1, 0, new byte[] {0, 0, 0, 1, 0, 0, 0, 0});
    byte[] trun =
        BoxContent.full(
            "trun", 1, 0xa05, number(2), number(77), number(0), number(10), number(-3), number(20), number(4));
    Box moof = Box.of(BoxContent.box("moof", BoxContent.box("traf", tfhd, tfdt, trun)));

    TrackFragment fragment = TrackFragment.all(moof, Map.of(2L, new SampleDefaults(1, 9, 0))).get(0);

    assertThat(fragment.decodeTime()).isEqualTo(1L << 32);
    assertThat(fragment.duration()).isEqualTo(1000);
    SampleRun run = fragment.runs().get(0);
    assertThat(run.dataOffset()).isEqualTo(77);
    assertThat(run.size(0)).isEqualTo(10);
    assertThat(run.size(1)).isEqualTo(20);
    assertThat(run.offset(0)).isEqualTo(-3);
    assertThat(run.offset(1)).isEqualTo(4);
    assertThat(run.isKey(0)).as("by the first one's own flags").isTrue();
    assertThat(run.isKey(1)).as("by the fragment's").isFalse();
  }

  @Test
  void aRunThatSaysMoreSamplesThanItHasRoomForIsALie() {
    byte[] trun = BoxContent.full("trun", 0, 0x100, number(0x7fffffff), number(1));
    byte[] moof = BoxContent.box("moof", BoxContent.box("traf", BoxContent.full("tfhd", 0, 0, number(1)), trun));

    assertThatThrownBy(() -> TrackFragment.all(Box.of(moof), Map.of()))
        .hasMessage("a fragment says that it has 2147483647 samples, which its head has no room for");
  }

  @Test
  void whatAacSaysOfItselfIsReadAlsoInQuickTimesBox() throws IOException {
    byte[] esds = BoxContent.full("esds", 0, 0, bytes("03808080 19 0002 00 04808080 11 40 15000000 00000000 00000000 0502 1190"));
    byte[] fields = new byte[28 + 16];
    fields[9] = 1;
    fields[17] = 2;
    for (byte[] entry : new byte[][] {
      BoxContent.box("mp4a", fields, BoxContent.box("wave", BoxContent.box("frma", new byte[0]), esds)),
      BoxContent.box("mp4a", new byte[28], esds)
    }) {
      Box stsd = Box.of(BoxContent.full("stsd", 0, 0, number(1), entry));
      Optional<AacConfig> aac = SampleEntry.of(stsd, false).aac();
      assertThat(aac).contains(new AacConfig(2, 3, 48000, 2));
      assertThat(SampleEntry.of(stsd, false).sampleRate()).isEqualTo(48000);
    }
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  private static byte[] joined(byte[] one, byte[] other) {
    return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
  }
}
