package org.reelway.stream.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.settings.RecordingNameTemplate;

/** What a kill leaves between the steps of a file, and what the next start makes of it. */
class RecordedFilesTest {
  private static final RecordedStream CAM = new RecordedStream("live", "7", "a \"cam\"\n../x");

  private static final RecordingNameTemplate.Values VALUES =
      new RecordingNameTemplate.Values(CAM.name(), 0, 0, 1_790_000_000_000L, 0, 0, "", "", "", "", "");

  @TempDir Path temp;
  private final ToldRecordings told = new ToldRecordings();
  private final List<String> taken = new ArrayList<>();

  /** As each start makes them anew. */
  private RecordedFiles files(RecordingListener listener) {
    return new RecordedFiles(
        new OpenPieces(temp.resolve("own")), listener, (file, stream) -> taken.add(file.getFileName() + " of " + stream));
  }

  private Path at(String name) {
    return temp.resolve(name);
  }

  @Test
  void aFileThatHasItsNameIsToldAndTakenByTheNextStart() throws Exception {
    RecordedFiles killed = files(told);
    OpenPieces.Open open = killed.noted(at("cam-0.mp4.tmp"), at("cam-0.mp4"), CAM, RecordersRig.NAME, VALUES);
    killed.naming(open, Files.writeString(at("cam-44.mp4"), "media"));

    files(told).recover();
    files(told).recover();

    assertThat(told.all())
        .containsExactly("began cam-0.mp4 of " + CAM.name(), "ended cam-44.mp4 of " + CAM.name());
    assertThat(taken).containsExactly("cam-44.mp4 of " + CAM.name());
  }

  @Test
  void oneThatWasSentAndTidiedIsToldByItsName() throws Exception {
    RecordedFiles killed = files(told);
    OpenPieces.Open open = killed.noted(at("cam-0.mp4.tmp"), at("cam-0.mp4"), CAM, RecordersRig.NAME, VALUES);
    killed.began(open);
    killed.naming(open, at("cam-44.mp4"));

    files(told).recover();

    assertThat(told.all()).last().asString().startsWith("ended cam-44.mp4");
    assertThat(taken).isEmpty();
  }

  @Test
  void oneWithoutMediaEndsUnderTheNameOfItsBeginning() throws Exception {
    RecordedFiles killed = files(told);
    killed.noted(at("never.mp4.tmp"), at("never.mp4"), CAM, RecordersRig.NAME, VALUES);
    killed.noted(Files.write(at("head.mp4.tmp"), new byte[] {0, 0, 0, 8, 'f', 't', 'y', 'p'}), at("head.mp4"), CAM, RecordersRig.NAME, VALUES);

    files(told).recover();

    assertThat(told.all()).containsExactlyInAnyOrder(
        "began never.mp4 of " + CAM.name(), "ended never.mp4 of " + CAM.name(), "began head.mp4 of " + CAM.name(),
        "ended head.mp4 of " + CAM.name());
    assertThat(taken).isEmpty();
  }

  @Test
  void whatCouldNotBeToldIsToldByTheNextStart() throws Exception {
    RecordingListener full = new RecordingListener() {
      @Override
      public boolean began(RecordedStream stream, Path file, String occasion) {
        return true;
      }

      @Override
      public boolean ended(RecordedStream stream, Path file, String occasion) {
        return false;
      }
    };
    RecordedFiles first = files(full);
    OpenPieces.Open open = first.noted(at("cam.mp4.tmp"), at("cam.mp4"), CAM, RecordersRig.NAME, VALUES);
    first.naming(open, Files.writeString(at("cam.mp4"), "media"));
    first.finished(open, at("cam.mp4"));
    assertThat(taken).hasSize(1);

    files(told).recover();

    assertThat(told.isInPairs(CAM.name())).as("%s", told.all()).isTrue();
    assertThat(told.all()).hasSize(2);
  }
}
