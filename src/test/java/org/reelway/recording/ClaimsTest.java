package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.LogLines;

/** Claims of this process against those of another one, which is a real child and is really killed. */
class ClaimsTest {
  @TempDir Path temp;
  private RecordingFolder folder;
  private Path file;
  private final Claims claims = new Claims();

  @BeforeEach
  void prepare() throws IOException {
    folder = RecordingFolder.of(Files.createDirectories(temp.resolve("recordings")), temp.resolve("markers"));
    file = folder.root().resolve("studio/a.mp4");
  }

  @AfterEach
  void close() {
    claims.close();
  }

  /** Another process that claims what it is told to, line by line, and answers whether it got it. */
  private static final class Other implements AutoCloseable {
    private final Process process;

    Other(RecordingFolder folder) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx32m",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Other.class.getName(),
                  folder.root().toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    }

    public static void main(String[] args) throws IOException {
      RecordingFolder folder = RecordingFolder.of(Path.of(args[0]), Path.of(args[0]).resolveSibling("other-markers"));
      Claims claims = new Claims();
      InputStream in = System.in;
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          boolean got = claims.take(folder, folder.root().resolve(line.toString())).isPresent();
          System.out.write(got ? '1' : '0');
          System.out.flush();
          line.setLength(0);
        } else {
          line.append((char) next);
        }
      }
    }

    boolean claims(String path) throws IOException {
      OutputStream to = process.getOutputStream();
      to.write((path + "\n").getBytes(StandardCharsets.UTF_8));
      to.flush();
      return process.getInputStream().read() == '1';
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void aRecordingIsOneProcessesUntilThatIsKilled() throws Exception {
    try (Other other = new Other(folder)) {
      assertThat(other.claims("studio/a.mp4")).isTrue();
      assertThat(claims.take(folder, file)).isEmpty();
      assertThat(claims.take(folder, folder.root().resolve("studio/b.mp4"))).as("another recording").isPresent();
      assertThat(other.claims("studio/b.mp4")).isFalse();

      other.kill();

      assertThat(claims.take(folder, file)).isPresent();
    }
  }

  @Test
  void aClaimThatEndedIsFreeForOthersWhileTheRestStaysHeld() throws Exception {
    Claim first = claims.take(folder, file).orElseThrow();
    claims.take(folder, folder.root().resolve("b.mp4")).orElseThrow();
    try (Other other = new Other(folder)) {
      assertThat(other.claims("studio/a.mp4")).isFalse();
      first.close();
      assertThat(other.claims("studio/a.mp4")).isTrue();
      assertThat(other.claims("b.mp4")).isFalse();
      claims.release(folder);
      assertThat(other.claims("b.mp4")).isTrue();
    }
  }

  @Test
  void twoWorkersOfOneProcessNeverHaveTheSameRecording() {
    Claim claim = claims.take(folder, file).orElseThrow();
    assertThat(claims.take(folder, file)).isEmpty();
    claim.close();
    assertThat(claims.take(folder, file)).isPresent();
  }

  @Test
  void whatIsReservedIsForTheNextWorkerOfThisProcessAndForNobodyElse() throws Exception {
    assertThat(claims.reserve(folder, file)).isTrue();
    try (Other other = new Other(folder)) {
      assertThat(other.claims("studio/a.mp4")).isFalse();
      Claim claim = claims.take(folder, file).orElseThrow();
      assertThat(claims.take(folder, file)).isEmpty();
      claim.close();
      assertThat(other.claims("studio/a.mp4")).isTrue();
      assertThat(claims.reserve(folder, file)).isFalse();
    }
  }

  @Test
  void aReservationWhoseMarkerIsGoneIsGivenUp() throws Exception {
    Path marked = folder.root().resolve("marked.mp4");
    claims.reserve(folder, file);
    claims.reserve(folder, marked);

    claims.retainReserved(folder, List.of(new MarkedRecording(folder, marked, MarkerName.of(marked), null)));

    try (Other other = new Other(folder)) {
      assertThat(other.claims("studio/a.mp4")).isTrue();
      assertThat(other.claims("marked.mp4")).isFalse();
    }
  }

  @Test
  void aLockFileThatSomebodyDeletedIsMadeAgainAndWhatWasClaimedStaysHeld() throws Exception {
    Claim old = claims.take(folder, file).orElseThrow();
    Files.delete(folder.root().resolve(ClaimFile.NAME));
    Path next = folder.root().resolve("next.mp4");

    assertThat(claims.take(folder, next)).isPresent();

    old.close();
    try (Other other = new Other(folder)) {
      assertThat(other.claims("next.mp4")).as("held on the file that is there now").isFalse();
      assertThat(other.claims("studio/a.mp4")).isTrue();
    }
  }

  @Test
  void withoutLocksEverybodyMayWorkAndThatIsSaidOnce() throws Exception {
    // A folder of the lock file's name: nobody can open that for writing, root neither.
    Files.createDirectory(folder.root().resolve(ClaimFile.NAME));
    try (LogLines log = new LogLines(ClaimFile.class.getName()); Other other = new Other(folder)) {
      assertThat(other.claims("studio/a.mp4")).isTrue();
      Optional<Claim> claim = claims.take(folder, file);
      assertThat(claim).isPresent();
      assertThat(claims.take(folder, file)).as("still one worker of this process").isEmpty();
      assertThat(claims.take(folder, folder.root().resolve("b.mp4"))).isPresent();
      assertThat(log.all()).singleElement().asString().contains("no claims in " + folder.root()).contains("none is lost");
    }
  }

  @Test
  void aFolderThatComesLaterIsClaimedInFromThenOn() throws Exception {
    RecordingFolder later = RecordingFolder.of(temp.resolve("later"), temp.resolve("markers"));
    try (LogLines log = new LogLines(ClaimFile.class.getName())) {
      claims.take(later, later.root().resolve("a.mp4")).orElseThrow().close();
      assertThat(log.all()).isEmpty();
    }
    Files.createDirectories(later.root());

    assertThat(claims.take(later, later.root().resolve("a.mp4"))).isPresent();

    try (Other other = new Other(later)) {
      assertThat(other.claims("a.mp4")).isFalse();
    }
  }

  @Test
  void whoeverMayWriteTheFolderMayAlsoClaim() throws IOException {
    Files.setPosixFilePermissions(folder.root(), PosixFilePermissions.fromString("rwxrwx---"));
    claims.take(folder, file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.root().resolve(ClaimFile.NAME))))
        .startsWith("rw-rw-");
  }
}
