package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.core.sync.RequestBody;

/** {@code reelway ls}, {@code get} and {@code link}, with a real store and what can go wrong on the way to it. */
class ObjectCommandsTest {
  private static final byte[] FILM = new byte[3_000_000];

  static {
    new Random(1).nextBytes(FILM);
  }

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private TestStore store;
  private FaultyStore way;
  private Path got;

  @BeforeEach
  void start() throws Exception {
    store = TestStore.start(folder.resolve("store"));
    way = FaultyStore.before(store.endpoint());
    got = Files.createDirectory(folder.resolve("got"));
    put("day/film.mp4", FILM);
    put("day/small.txt", "abc".getBytes(StandardCharsets.UTF_8));
    put("other/empty.mp4", new byte[0]);
  }

  @AfterEach
  void stop() {
    way.close();
    store.close();
  }

  private void put(String key, byte[] bytes) {
    store.client().putObject(put -> put.bucket(TestStore.BUCKET).key(key), RequestBody.fromBytes(bytes));
  }

  private int command(String... words) throws Exception {
    Path file = Files.writeString(folder.resolve("settings.properties"), """
        reelway.store.endpoint=%s
        reelway.store.bucket=%s
        reelway.store.access-key=%s
        reelway.store.secret-key=%s
        """.formatted(way.endpoint(), TestStore.BUCKET, TestStore.ACCESS_KEY, TestStore.SECRET_KEY));
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-c", file.toString()));
    return CommandLineProgram.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private List<String> left() throws Exception {
    try (Stream<Path> files = Files.list(got)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private boolean isFilmGet(StoreRequest request) {
    return request.operation() == Operation.OTHER && request.key().endsWith("film.mp4");
  }

  @Test
  void objectsAreListedByTheStartOfTheirKeys() throws Exception {
    assertThat(command("ls", "day/")).as(err.toString()).isZero();

    assertThat(out.toString().replaceAll("20\\d\\d-\\S+Z", "TIME").replaceAll("modified +", "modified ")).isEqualTo("""
        modified bytes    key
        TIME  3000000  day/film.mp4
        TIME  3        day/small.txt
        """);
    assertThat(err.toString()).isEmpty();
    assertThat(command("ls")).isZero();
    assertThat(out.toString()).contains("other/empty.mp4");
  }

  @Test
  void aListEndsAtItsLimitAndSaysSo() throws Exception {
    assertThat(command("ls", "--limit", "1", "--json")).isZero();

    JsonNode all = JsonMapper.builder().build().readTree(out.toString());
    assertThat(all.path("objects")).extracting(each -> each.path("key").asText()).containsExactly("day/film.mp4");
    assertThat(all.path("more").asBoolean()).isTrue();
    assertThat(err.toString()).isEqualTo("only the first 1: list more with --limit, or fewer with a longer PREFIX\n");
    assertThat(command("ls", "--limit", "0")).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("reelway: --limit is 0; allowed: 1 to 100000\n");
  }

  @Test
  void aPrefixOfNothingIsTold() throws Exception {
    assertThat(command("ls", "night/")).isEqualTo(1);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).isEqualTo("no object in " + way.endpoint() + "/recordings starts with \"night/\"\n");
  }

  @Test
  void anObjectBecomesAFileOfItsBytes() throws Exception {
    assertThat(command("get", "day/film.mp4", got.toString())).as(err.toString()).isZero();

    assertThat(got.resolve("film.mp4")).hasBinaryContent(FILM);
    assertThat(out.toString()).matches(got.resolve("film.mp4") + ": 3000000 bytes, verified (crc64nvme|crc32c|md5):\\S+\n");
    assertThat(command("get", "other/empty.mp4", got.resolve("none.mp4").toString())).isZero();
    assertThat(left()).containsExactly("film.mp4", "none.mp4");
  }

  @Test
  void aFileThatIsThereStaysUnlessItIsForced() throws Exception {
    Path file = Files.writeString(got.resolve("small.txt"), "mine");

    assertThat(command("get", "day/small.txt", got.toString())).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo("reelway: " + file + " is there already; name another FILE, or write over it with --force\n");
    assertThat(file).hasContent("mine");

    assertThat(command("get", "day/small.txt", file.toString(), "--force")).isZero();
    assertThat(file).hasContent("abc");
  }

  @Test
  void aConnectionThatBreaksIsTakenUpWhereItWas() throws Exception {
    AtomicInteger gets = new AtomicInteger();
    List<String> ranges = new ArrayList<>();
    way.direct(request -> {
      if (!isFilmGet(request)) {
        return null;
      }
      ranges.add(request.header("range"));
      return gets.incrementAndGet() == 1 ? StoreFault.halfAnswer() : null;
    });

    assertThat(command("get", "day/film.mp4", got.toString())).as(err.toString()).isZero();

    assertThat(got.resolve("film.mp4")).hasBinaryContent(FILM);
    assertThat(ranges).hasSize(2);
    assertThat(ranges.get(1)).matches("bytes=1[45]\\d{5}-2999999");
  }

  @Test
  void bytesThatDifferLeaveNoFile() throws Exception {
    way.direct(request -> isFilmGet(request) ? StoreFault.flippedAnswer() : null);

    assertThat(command("get", "day/film.mp4", got.toString())).isEqualTo(1);

    assertThat(err.toString()).contains("the bytes of ", ", the store shows ", "nothing was kept. Get it again");
    assertThat(left()).isEmpty();
    assertThat(command("get", "day/film.mp4", got.toString(), "--no-checksum")).isZero();
    assertThat(out.toString()).endsWith(": 3000000 bytes, size compared\n");
  }

  @Test
  void aStoreThatRefusesIsSaidAtOnce() throws Exception {
    way.direct(request -> isFilmGet(request) ? StoreFault.refusal(403, "AccessDenied") : null);

    assertThat(command("get", "day/film.mp4", got.toString())).isEqualTo(1);

    assertThat(err.toString()).startsWith("reelway: ").contains("AccessDenied");
    assertThat(left()).isEmpty();
  }

  @Test
  void whatCannotBeNamedIsRefusedBeforeTheStoreIsAsked() throws Exception {
    assertThat(command("get", "day/..")).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("reelway: the last part of the key \"day/..\" is no name of a file; name FILE\n");
    assertThat(command("get", "day/small.txt", got.resolve("not/there.txt").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("the folder " + got.resolve("not") + " is not there");
  }

  @Test
  void anybodyGetsTheObjectByItsLink() throws Exception {
    assertThat(command("link", "day/small.txt", "--expires", "5m")).as(err.toString()).isZero();

    URL link = URI.create(out.toString().strip()).toURL();
    HttpURLConnection connection = (HttpURLConnection) link.openConnection();
    assertThat(connection.getInputStream()).hasContent("abc");
    assertThat(link.getQuery()).contains("X-Amz-Expires=300").doesNotContain(TestStore.SECRET_KEY);
    assertThat(err.toString()).matches("good until 20\\S+Z\n");
  }

  @Test
  void aLinkToNothingIsNotMade() throws Exception {
    assertThat(command("link", "day/none.txt")).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).startsWith("reelway: no object is at " + way.endpoint() + "/recordings/day/none.txt; ");
    assertThat(command("get", "day/none.txt", got.toString())).isEqualTo(1);
    assertThat(command("link", "day/small.txt", "--expires", "8d")).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("reelway: --expires: \"8d\" is out of range; allowed: 1m to 7d\n");
  }
}
