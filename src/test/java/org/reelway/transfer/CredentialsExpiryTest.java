package org.reelway.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.DestinationFailure;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent.Resume;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.testkit.HttpGate;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.testkit.TokenService;

import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.StoreCredentials;
import org.reelway.transfer.store.Role;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.StoreCredentials;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreFailure;

/** Credentials that end while a recording is on its way, through a real store that checks what is signed with them. */
@Timeout(120)
class CredentialsExpiryTest {
  private static final Pattern PART = Pattern.compile("^PUT \\S*partNumber=(\\d+)\\S* ");
  private static final int PARTS = 6;

  @TempDir static Path shared;
  private static TestStore server;

  @TempDir Path temp;
  /** Parts that the store saw with the first token. */
  private final Set<Integer> first = ConcurrentHashMap.newKeySet();

  @BeforeAll
  static void start() {
    server = TestStore.start(shared.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** @return 0 where the request is no part */
  private static int part(String head) {
    Matcher part = PART.matcher(head);
    return part.find() ? Integer.parseInt(part.group(1)) : 0;
  }

  private static List<Integer> parts(List<String> heads) {
    return heads.stream().map(CredentialsExpiryTest::part).filter(number -> number > 0).sorted().toList();
  }

  /** The token serves for so many parts, and is then worth nothing, for whatever call. */
  private boolean hasEnded(String head, String token, int after) {
    if (!TokenService.carries(head, token)) {
      return false;
    }
    int part = part(head);
    synchronized (first) {
      if (part > 0 && first.size() < after) {
        first.add(part);
        return false;
      }
      return first.size() >= after;
    }
  }

  private static StoreConnection connection(URI endpoint, StoreCredentials credentials) {
    return new StoreConnection(
        endpoint, "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20), credentials, null);
  }

  private final class Upload implements AutoCloseable {
    final Path file;
    final MarkedRecording recording;
    final Markers markers;
    final Transfers transfers;
    private final S3Store store;

    Upload(URI endpoint, String name, StoreCredentials credentials) throws Exception {
      Path root = Files.createDirectories(temp.resolve("recordings")).toRealPath();
      file = new Recordings(root).random(name, PARTS * Recordings.PART - 77, 4);
      markers = new Markers(temp.resolve("set-aside"), Clock.systemUTC());
      recording = markers.mark(RecordingFolder.of(root, temp.resolve("markers")), file, null);
      store = new S3Store(connection(endpoint, credentials));
      Backoff fast = new Backoff(Duration.ofMillis(1), Duration.ofMillis(2));
      transfers =
          new Transfers(
              store,
              markers,
              bucket -> new StoreCapabilities(ChecksumKind.CRC32C, true, true, true),
              (bucket, key, uploadId, why) -> store.abortMultipart(bucket, key, uploadId),
              new TransferObserver() { },
              new Transfers.Limits(Recordings.PART, Recordings.PART, 2, 3, fast),
              RecordingAttributes.NONE,
              Clock.systemUTC(),
              new StoreDirectory());
    }

    VerifiedObject run() {
      return transfers.transfer(recording, new TransferTarget(TestStore.BUCKET, "", "", OnExisting.OVERWRITE));
    }

    @Override
    public void close() {
      transfers.close();
      store.close();
    }
  }

  @Test
  void aRoleIsRenewedInTheMiddleOfAnUploadAndOnlyWhatWasRefusedIsSentAgain() throws Exception {
    try (TokenService service = new TokenService();
        HttpGate gate =
            HttpGate.before(server.endpoint(), TokenService.expired(head -> hasEnded(head, "token-1", 3)));
        Upload upload = upload(gate, "role.mp4", service)) {
      upload.run();
      assertThat(server.bytes("role.mp4")).isEqualTo(Recordings.bytes(upload.file));
      assertThat(parts(gate.passed())).as("each part reached the store once").containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(parts(gate.answered())).as("some were refused").isNotEmpty().doesNotContainAnyElementsOf(first);
      assertThat(service.given()).isEqualTo(2);
    }
  }

  @Test
  void withoutNewerOnesTheRecordingWaitsAndLaterGoesOnWhereItWas() throws Exception {
    try (TokenService service = new TokenService();
        HttpGate gate =
            HttpGate.before(server.endpoint(), TokenService.expired(head -> hasEnded(head, "token-1", 3)));
        Upload upload = upload(gate, "waits.mp4", service)) {
      service.refusing(null);
      upload.store.headBucket(TestStore.BUCKET);
      service.refusing("AccessDenied");
      assertThatThrownBy(upload::run).isInstanceOf(DestinationFailure.class)
          .hasMessageContaining("cannot be assumed");
      assertThat(upload.markers.read(upload.recording)).isInstanceOf(Resume.class);
      assertThat(Files.exists(upload.file)).isTrue();
      service.refusing(null);
      // At once: a renewal that failed is not one that must be waited for.
      upload.run();
      assertThat(server.bytes("waits.mp4")).isEqualTo(Recordings.bytes(upload.file));
      assertThat(parts(gate.passed())).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void aStaticTokenThatEndedIsADestinationFailureThatNamesTheSetting() throws Exception {
    StoreCredentials fixed = StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY, "token-1");
    try (HttpGate gate =
            HttpGate.before(server.endpoint(), TokenService.expired(head -> hasEnded(head, "token-1", 2)));
        Upload upload = new Upload(gate.endpoint(), "static.mp4", fixed)) {
      assertThatThrownBy(upload::run).isInstanceOf(StoreFailure.class)
          .hasMessageContaining("400 ExpiredToken (The provided token has expired.)")
          .hasMessageContaining("reelway.store.session-token");
      assertThat(upload.markers.read(upload.recording)).isInstanceOf(Resume.class);
    }
  }

  @Test
  void aProfileFileThatIsRotatedIsTakenUpInTheMiddleOfAnUpload() throws Exception {
    Path file = temp.resolve("credentials");
    write(file, "token-1");
    try (HttpGate gate =
            HttpGate.before(server.endpoint(), TokenService.expired(head -> {
              boolean ended = hasEnded(head, "token-1", 3);
              if (ended) {
                write(file, "token-2");
              }
              return ended;
            }));
        Upload upload =
            new Upload(gate.endpoint(), "profile.mp4", StoreCredentials.ofProfile("studio", file, "reelway.store"))) {
      upload.run();
      assertThat(server.bytes("profile.mp4")).isEqualTo(Recordings.bytes(upload.file));
      assertThat(parts(gate.passed())).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  private static void write(Path file, String token) {
    try {
      Path next = Files.createTempFile(file.getParent(), "next", "");
      Files.writeString(next, "[studio]\naws_access_key_id=" + TestStore.ACCESS_KEY + "\naws_secret_access_key="
          + TestStore.SECRET_KEY + "\naws_session_token=" + token + "\n");
      // REPLACE_EXISTING would leave a moment without a file.
      Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Upload upload(HttpGate gate, String name, TokenService service) throws Exception {
    StoreCredentials source = StoreCredentials.fixed("source-key", "source-secret");
    Role role =
        new Role("arn:aws:iam::1:role/r", "reelway", null, Duration.ofHours(1), service.endpoint());
    return new Upload(
        gate.endpoint(), name, StoreCredentials.ofRole(role, source, connection(gate.endpoint(), source)));
  }
}
