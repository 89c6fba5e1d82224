package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.testkit.TestStore;

/** Listing a bucket and reading parts of objects: from a real store, and what answers may do to it. */
@Timeout(60)
class S3ReadingTest {
  private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;

  private static S3Store store(URI endpoint) {
    return new S3Store(
        new StoreConnection(
            endpoint, "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
            StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY), null));
  }

  private static void put(Store store, String key) {
    store.put(
        TestStore.BUCKET, key, new Body.Bytes(CONTENT), null, ObjectAttributes.NONE, Precondition.NONE, Sent.NOBODY);
  }

  private static StoreFailure failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(StoreFailure.class, call);
  }

  private static List<ListedObject> list(Store store, String prefix) {
    List<ListedObject> objects = new ArrayList<>();
    store.list(TestStore.BUCKET, prefix, objects::add);
    return objects;
  }

  @Test
  void everyObjectBelowThePrefixIsListedOverAllPagesWithItsNameAsItIs() {
    try (TestStore server = TestStore.start(folder); S3Store store = store(server.endpoint())) {
      List<String> odd = List.of("in/a b+c%2F.mp4", "in/größe \"1\" & <2>.mp4", "in/日本/x.mp4");
      odd.forEach(key -> put(store, key));
      put(store, "other/in/x.mp4");
      for (int i = 0; i < 1001; i++) {
        put(store, "in/many/%04d".formatted(i));
      }
      Instant before = Instant.now().minusSeconds(3600);

      List<ListedObject> listed = list(store, "in/");

      assertThat(listed).hasSize(1004).extracting(ListedObject::key).containsAll(odd).doesNotHaveDuplicates();
      assertThat(listed).allSatisfy(object -> {
        assertThat(object.size()).isEqualTo(10);
        assertThat(object.etag()).isEqualTo("781e5e245d69b566979b86e28d23f2c7");
        assertThat(object.lastModified()).isAfter(before);
        assertThat(object.storageClass()).isEqualTo("STANDARD");
      });
      assertThat(list(store, "in/many/000")).hasSize(10);
      assertThat(list(store, "nothing/")).isEmpty();
    }
  }

  @Test
  void aListingIsHandedOverPageByPageAndEndsWhereItsReaderEndsIt() throws Exception {
    String entry = "<Contents><Key>%s</Key><Size>1</Size><ETag>&quot;e&quot;</ETag>"
        + "<LastModified>2026-11-21T10:00:00.000Z</LastModified></Contents>";
    try (ScriptedServer server =
            new ScriptedServer(c -> {
              c.request();
              c.answer(200, "", "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
                  + "<NextContinuationToken>t+1/=</NextContinuationToken>" + entry.formatted("a+b%2Bc")
                  + entry.formatted("foreign") + "</ListBucketResult>");
              c.request();
              c.answer(200, "", "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
                  + "<NextContinuationToken>t2</NextContinuationToken>" + entry.formatted("a+d")
                  + "</ListBucketResult>");
            });
        S3Store store = store(server.endpoint())) {
      List<String> seen = new ArrayList<>();
      assertThatThrownBy(() ->
              store.list("bucket", "a", object -> {
                seen.add(object.key());
                if (seen.size() == 2) {
                  throw new IllegalStateException("enough");
                }
              }))
          .hasMessage("enough");
      assertThat(seen).containsExactly("a b+c", "a d");
      assertThat(server.requests().get(0))
          .startsWith("GET /bucket?list-type=2&encoding-type=url&max-keys=1000&prefix=a HTTP/1.1");
      assertThat(server.requests().get(1)).contains("continuation-token=t%2B1%2F%3D");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<NextContinuationToken>t</NextContinuationToken>, from where on",
    "'', from where on",
    "<NextContinuationToken>NEW</NextContinuationToken>, begin with the same key"
  })
  void aListingThatDoesNotMoveOnIsAFailure(String next, String said) throws Exception {
    String entry = "<Contents><Key>a</Key><Size>1</Size><LastModified>2026-11-21T10:00:00Z</LastModified></Contents>";
    String page = "<ListBucketResult><IsTruncated>true</IsTruncated>%s" + entry + "</ListBucketResult>";
    try (ScriptedServer server =
            new ScriptedServer(c -> {
              c.request();
              c.answer(200, "", page.formatted("<NextContinuationToken>t</NextContinuationToken>"));
              c.request();
              c.answer(200, "", page.formatted(next));
            });
        S3Store store = store(server.endpoint())) {
      assertThat(failure(() -> list(store, ""))).hasMessageContaining(said);
    }
  }

  @Test
  void anAnswerThatIsNoListingIsNotTakenForAnEmptyBucket() throws Exception {
    try (ScriptedServer server = new ScriptedServer(c -> { c.request(); c.answer(200, "", "<html></html>"); });
        S3Store store = store(server.endpoint())) {
      assertThat(failure(() -> list(store, "")))
          .hasMessageContaining("the answer cannot be read: it is no ListBucketResult");
    }
  }

  @Test
  void aRangeIsReadExactly() {
    try (TestStore server = TestStore.start(folder); S3Store store = store(server.endpoint())) {
      put(store, "ten");
      assertThat(range(store, "ten", 0, 1)).isEqualTo("0");
      assertThat(range(store, "ten", 3, 4)).isEqualTo("3456");
      assertThat(range(store, "ten", 0, 10)).isEqualTo("0123456789");
      assertThat(failure(() -> range(store, "ten", 8, 5))).hasMessageContaining("asked for was bytes 8-12/*");
      assertThat(failure(() -> range(store, "ten", 10, 1)).status()).isEqualTo(416);
      assertThat(failure(() -> range(store, "none", 0, 1)).code()).isEqualTo("NoSuchKey");
      assertThatThrownBy(() -> range(store, "ten", 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String range(Store store, String key, long offset, long length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.get(TestStore.BUCKET, key, offset, length, bytes);
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  @Test
  void aStoreThatSendsTheWholeObjectForARangeIsFound() throws Exception {
    try (ScriptedServer server = new ScriptedServer(c -> { c.request(); c.answer(200, "", "0123456789"); });
        S3Store store = store(server.endpoint())) {
      assertThat(failure(() -> range(store, "ten", 0, 10))).hasMessageContaining("it is not a part of the object");
      assertThat(server.requests().get(0)).contains("Range: bytes=0-9\r\n");
    }
  }

  @Test
  void aBodyThatEndsEarlyOrDoesNotSayItsLengthIsAFailure() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                c -> { c.request(); c.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234"); },
                c -> { c.request(); c.say("HTTP/1.1 200 OK\r\n\r\n01234"); },
                c -> {
                  c.request();
                  c.say("HTTP/1.1 206 P\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 10\r\n\r\n01234");
                },
                c -> {
                  c.request();
                  c.say("HTTP/1.1 206 P\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 5\r\n\r\n01234");
                });
        S3Store store = store(server.endpoint())) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      assertThat(failure(() -> store.get("bucket", "ten", bytes)).code()).isEqualTo("ConnectionReset");
      assertThat(failure(() -> store.get("bucket", "ten", bytes))).hasMessageContaining("does not say how long it is");
      assertThat(failure(() -> range(store, "ten", 0, 10)).code()).isEqualTo("ConnectionReset");
      assertThat(failure(() -> range(store, "ten", 0, 10))).hasMessageContaining("in 5 bytes");
    }
  }

  @Test
  void theBucketsRulesThatAbortUploadsAreReadInEachForm() throws Exception {
    String abort = "<AbortIncompleteMultipartUpload><DaysAfterInitiation>%d</DaysAfterInitiation>"
        + "</AbortIncompleteMultipartUpload></Rule>";
    String rules =
        "<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            + "<Rule><Status>Enabled</Status><Prefix>old/</Prefix>" + abort.formatted(1)
            + "<Rule><Status>Enabled</Status><Filter><Prefix>rec/</Prefix></Filter>" + abort.formatted(2)
            + "<Rule><Status>Enabled</Status><Filter><And><Prefix>and/</Prefix></And></Filter>" + abort.formatted(3)
            + "<Rule><Status>Enabled</Status><Filter/>" + abort.formatted(4)
            + "<Rule><Status>Disabled</Status><Filter/>" + abort.formatted(5)
            + "<Rule><Status>Enabled</Status><Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>" + abort.formatted(6)
            + "<Rule><Status>Enabled</Status><Filter/><Expiration><Days>7</Days></Expiration></Rule>"
            + "</LifecycleConfiguration>";
    try (ScriptedServer server =
            new ScriptedServer(
                c -> { c.request(); c.answer(200, "", rules); },
                c -> {
                  c.request();
                  c.answer(404, "", "<Error><Code>NoSuchLifecycleConfiguration</Code></Error>");
                },
                c -> { c.request(); c.answer(404, "", "<Error><Code>NoSuchBucket</Code></Error>"); },
                c -> { c.request(); c.answer(200, "", "<ListBucketResult></ListBucketResult>"); });
        S3Store store = store(server.endpoint())) {
      assertThat(store.abortRules("bucket"))
          .containsExactly(
              new AbortRule("old/", 1), new AbortRule("rec/", 2), new AbortRule("and/", 3), new AbortRule("", 4));
      assertThat(server.requests().get(0)).startsWith("GET /bucket?lifecycle HTTP/1.1");
      assertThat(store.abortRules("bucket")).isEmpty();
      assertThat(failure(() -> store.abortRules("bucket")).code()).isEqualTo("NoSuchBucket");
      assertThat(failure(() -> store.abortRules("bucket"))).hasMessageContaining("it is no LifecycleConfiguration");
    }
  }
}
