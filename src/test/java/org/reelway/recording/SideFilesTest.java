package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SideFilesTest {
  private final SideFiles sideFiles = new SideFiles();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          live.mp4.upload        | marker of a recording
          LIVE.MP4.UPLOAD        | marker of a recording
          live.mp4.tmp           | temporary file of a media server that is still writing
          live.flv.tmp           | temporary file of a media server that is still writing
          live.tmp               | temporary file of a media server that is still writing
          playlist.m3u8.temp     | temporary file of a media server that is still writing
          live.mp4.tmp_extension | recording that Ant Media Server is still writing
          live.mp4.header        | header part of a recording that Flashphoner is still writing
          room.mp4.info          | scratch file of a multi-stream recorder
          room.mp4.mdat          | scratch file of a multi-stream recorder
          room.mp4.track1        | scratch file of a multi-stream recorder
          room.mp4.track12       | scratch file of a multi-stream recorder
          room.track             | scratch file of a multi-stream recorder
          live.mp4.part          | unfinished copy or download
          live.mp4.partial       | unfinished copy or download
          live.mp4.filepart      | unfinished copy or download
          live.mp4.crdownload    | unfinished copy or download
          live.m3u8.bak          | backup copy
          live-raw.m4v           | scratch file of nginx-rtmp's DASH writer
          live-raw.m4a           | scratch file of nginx-rtmp's DASH writer
          .live.mp4              | hidden file
          .upload                | hidden file
          .                      | hidden file
          live.mp4.lock          | lock file
          live.mp4~              | backup copy of an editor
          ''                     | no file name
          """)
  void aSideFileIsNeverARecording(String fileName, String reason) {
    assertThat(sideFiles.reason(fileName)).contains(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "live.mp4",
        "live.upload.mp4",
        "tmp.mp4",
        "live.tmp.mp4",
        "part",
        "upload",
        "track1.mp4",
        "info.mdat.mkv",
        "raw.m4v",
        "live-raw.mp4",
        "room_mixed.mp4",
        "with space 'quote' $(touch x).flv",
        "ünï.webm",
        "headers.mp4"
      })
  void aNameThatOnlyHoldsSuchAWordIsNoSideFile(String fileName) {
    assertThat(sideFiles.reason(fileName)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"two\nlines.mp4.tmp", ".two\nlines.mp4", "two\r\nlines~"})
  void lineBreaksHideNothing(String fileName) {
    assertThat(sideFiles.reason(fileName)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "room_mixed.mp4, true",
    "ROOM_MIXED.MKV, true",
    "room_mixed, true",
    "room_mixed_mixed.mp4, true",
    "room_mixed.part2.mp4, false",
    "mixed.mp4, false",
    "room_mixed2.mp4, false",
    "room.mp4, false"
  })
  void aMixersOutputIsDerived(String fileName, boolean derived) {
    assertThat(sideFiles.derived(fileName)).isEqualTo(derived);
  }
}
