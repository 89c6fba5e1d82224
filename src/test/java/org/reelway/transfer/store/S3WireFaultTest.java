package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.store.ScriptedServer.Script;
import software.amazon.awssdk.core.SdkGlobalTime;

/** What a network and a store can do to a call, byte by byte. */
@Timeout(60)
class S3WireFaultTest {
  private static final int BIG = 64 << 20;
  private static final String OK = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n";

  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm");

  @TempDir Path folder;

  private static S3Store store(URI endpoint, Duration idle) {
    return new S3Store(
        new StoreConnection(
            endpoint, "eu-west-1", true, Duration.ofSeconds(5), idle,
            StoreCredentials.fixed("test-access", "test-secret"), null));
  }

  private static S3Store store(ScriptedServer server) {
    return store(server.endpoint(), Duration.ofSeconds(30));
  }

  private static S3Store impatient(ScriptedServer server) {
    return store(server.endpoint(), Duration.ofMillis(300));
  }

  private FileChannel bigFile() throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve("big"), StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    channel.write(java.nio.ByteBuffer.wrap(new byte[] {1}), BIG - 1);
    return channel;
  }

  private static StoredObject put(Store store, Body body) {
    return store.put("bucket", "key", body, null, ObjectAttributes.NONE, Precondition.NONE, Sent.NOBODY);
  }

  private static Body small() {
    return new Body.Bytes(new byte[] {1, 2, 3});
  }

  private static StoreFailure failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(StoreFailure.class, call);
  }

  @Test
  void aPeerThatNeverAnswersIsFound() throws Exception {
    try (ScriptedServer server = new ScriptedServer(c -> { c.request(); c.silence(); });
        S3Store store = impatient(server)) {
      StoreFailure failure = failure(() -> put(store, small()));
      assertThat(failure.code()).isEqualTo("Timeout");
      assertThat(failure.isAnswerLost()).isTrue();
      assertThat(failure).hasMessage(
          "PUT " + server.endpoint() + "/bucket/key: no byte of the answer came for 300 ms");
    }
  }

  @Test
  void aPeerThatStopsTakingBytesIsFound() throws Exception {
    try (FileChannel file = bigFile();
        ScriptedServer server =
            new ScriptedServer(c -> { c.head(); c.say("HTTP/1.1 100 Continue\r\n\r\n"); c.silence(); });
        S3Store store = impatient(server)) {
      StoreFailure failure = failure(() -> put(store, new Body.FileSlice(file, 0, BIG)));
      assertThat(failure.code()).isEqualTo("Timeout");
      assertThat(failure).hasMessageContaining("the peer took no byte of the request for 300 ms");
    }
  }

  @ParameterizedTest
  @CsvSource({"100 Continue, 3", "103 Early Hints, 3", "100 Continue, 20971520", "103 Early Hints, 20971520"})
  void interimAnswersWithoutEndAreCutOff(String interim, int bytes) throws Exception {
    try (FileChannel file = bigFile();
        ScriptedServer server =
            new ScriptedServer(c -> {
              c.head();
              while (true) {
                c.say(("HTTP/1.1 " + interim + "\r\n\r\n").repeat(100));
              }
            });
        S3Store store = store(server)) {
      StoreFailure failure =
          failure(() -> put(store, bytes == 3 ? small() : new Body.FileSlice(file, 0, bytes)));
      assertThat(failure.code()).isEqualTo("UnreadableAnswer");
      assertThat(failure).hasMessageContaining("more than 1000 interim answers came, the last " + interim.substring(0, 3));
    }
  }

  @Test
  void aPeerThatNeverSaysContinueGetsTheBodyAllTheSameAndIsNotAskedAgain() throws Exception {
    try (FileChannel file = bigFile();
        ScriptedServer server = new ScriptedServer(c -> { c.request(); c.say(OK); c.request(); c.say(OK); });
        S3Store store = store(server)) {
      assertThat(put(store, new Body.FileSlice(file, 0, BIG)).etag()).isEqualTo("e");
      assertThat(put(store, new Body.FileSlice(file, 0, BIG)).etag()).isEqualTo("e");
      assertThat(server.requests().get(0)).contains("Expect: 100-continue\r\n");
      assertThat(server.requests().get(1)).doesNotContain("Expect");
    }
  }

  @Test
  void anInterruptInTheMiddleOfTheBodyEndsTheCall() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    AtomicReference<StoreFailure> failure = new AtomicReference<>();
    try (FileChannel file = bigFile();
        ScriptedServer server =
            new ScriptedServer(c -> {
              c.head();
              c.say("HTTP/1.1 100 Continue\r\n\r\n");
              c.skip(1 << 20);
              reached.countDown();
              c.silence();
            });
        S3Store store = store(server)) {
      Thread thread = new Thread(() -> failure.set(failure(() -> put(store, new Body.FileSlice(file, 0, BIG)))));
      thread.start();
      reached.await();
      thread.interrupt();
      thread.join();
    }
    assertThat(failure.get().code()).isEqualTo("Interrupted");
  }

  @ParameterizedTest
  @CsvSource({"403, AccessDenied", "503, SlowDown", "307, TemporaryRedirect"})
  void aRefusalInsteadOfContinueCostsNoBody(int status, String code) throws Exception {
    try (FileChannel file = bigFile();
        ScriptedServer server = new ScriptedServer(c -> { c.head(); c.answer(status, "", ""); c.awaitEnd(); });
        S3Store store = store(server)) {
      Body body = new Body.FileSlice(file, 0, BIG);
      StoreFailure failure =
          failure(() -> store.put("bucket", "key", body, null, ObjectAttributes.NONE, Precondition.NONE, bytes -> {
            throw new AssertionError("bytes of the body went out");
          }));
      assertThat(failure.status()).isEqualTo(status);
      assertThat(failure.code()).isEqualTo(code);
    }
  }

  @Test
  void anAnswerInTheMiddleOfTheBodyEndsTheSending() throws Exception {
    String error = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
    try (FileChannel file = bigFile();
        ScriptedServer server =
            new ScriptedServer(c -> {
              c.head();
              c.say("HTTP/1.1 100 Continue\r\n\r\n");
              c.skip(1 << 20);
              c.answer(503, "x-amz-request-id: R1\r\n", error);
              c.silence();
            });
        S3Store store = store(server)) {
      StoreFailure failure = failure(() -> put(store, new Body.FileSlice(file, 0, BIG)));
      assertThat(failure).hasMessage(
          "PUT " + server.endpoint() + "/bucket/key: 503 SlowDown (Please reduce your request rate.), request id R1");
      assertThat(failure.isTransient()).isTrue();
    }
  }

  @Test
  void anAnswerFollowedByACloseIsStillRead() throws Exception {
    try (FileChannel file = bigFile();
        ScriptedServer server =
            new ScriptedServer(c -> {
              c.head();
              c.say("HTTP/1.1 100 Continue\r\n\r\n");
              c.skip(1 << 20);
              c.answer(503, "Connection: close\r\n", "");
            });
        S3Store store = store(server)) {
      StoreFailure failure = failure(() -> put(store, new Body.FileSlice(file, 0, BIG)));
      assertThat(failure.status()).isEqualTo(503);
    }
  }

  @Test
  void aSuccessBeforeTheWholeBodyIsNoSuccess() throws Exception {
    try (FileChannel file = bigFile();
        ScriptedServer server = new ScriptedServer(c -> { c.head(); c.say(OK); c.silence(); });
        S3Store store = store(server)) {
      StoreFailure failure = failure(() -> put(store, new Body.FileSlice(file, 0, BIG)));
      assertThat(failure.code()).isEqualTo("ConnectionReset");
    }
  }

  @Test
  void aResetInTheMiddleOfTheBodyIsAFailure() throws Exception {
    try (FileChannel file = bigFile();
        ScriptedServer server =
            new ScriptedServer(c -> { c.head(); c.say("HTTP/1.1 100 Continue\r\n\r\n"); c.skip(9999); c.reset(); });
        S3Store store = store(server)) {
      StoreFailure failure = failure(() -> put(store, new Body.FileSlice(file, 0, BIG)));
      assertThat(failure.code()).isEqualTo("ConnectionReset");
      assertThat(file.isOpen()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK | ConnectionReset",
        "HTTP/1.1 200 OK~~Content-Length: 9~~~~<a> | ConnectionReset",
        "HTTP/1.1 200 OK~~Transfer-Encoding: chunked~~~~5~~<a></ | ConnectionReset",
        "HTTP/1.1 200 OK~~Transfer-Encoding: chunked~~~~zz~~ | UnreadableAnswer",
        "HTTP/1.1 200 OK~~Transfer-Encoding: gzip~~~~ | UnreadableAnswer",
        "HTTP/1.1 200 OK~~Content-Length: 1~~Content-Length: 2~~~~ab | UnreadableAnswer",
        "HTTP/1.1 200 OK~~Content-Length: 9~~~~not XML.. | UnreadableAnswer",
        "SSH-2.0-OpenSSH_9.2~~ | UnreadableAnswer",
        "HTTP/1.1 999 ~~~~ | UnreadableAnswer",
        "HTTP/1.1 200 OK~~no colon~~~~ | UnreadableAnswer",
      })
  void anAnswerCutOffOrGarbledIsAFailureThatLeavesTheOutcomeOpen(String bytes, String code) throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(c -> { c.request(); c.say(bytes.replace("~~", "\r\n")); });
        S3Store store = store(server)) {
      StoreFailure failure =
          failure(() -> store.createMultipart("bucket", "key", ObjectAttributes.NONE, ChecksumKind.NONE));
      assertThat(failure.code()).isEqualTo(code);
      assertThat(failure.isAnswerLost()).isTrue();
    }
  }

  @Test
  void anAnswerWithoutEndOfHeadersIsBounded() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(c -> { c.request(); c.say("HTTP/1.1 200 OK\r\nx: " + "y".repeat(100_000)); c.silence(); });
        S3Store store = store(server)) {
      assertThat(failure(() -> store.headBucket("bucket")))
          .hasMessageContaining("the answer's headers are larger than 65536 bytes");
    }
  }

  @Test
  void aChunkedAnswerAfterInterimOnesIsRead() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(c -> {
              c.request();
              c.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n");
              c.say("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n4;x=y\r\n12");
              c.say("34\r\n2\r\n56\r\n0\r\nTrailer: t\r\n\r\n");
              c.request();
              c.answer(200, "", "again");
            });
        S3Store store = store(server)) {
      ByteArrayOutputStream first = new ByteArrayOutputStream();
      store.get("bucket", "key", first);
      assertThat(first).hasToString("123456");
      ByteArrayOutputStream second = new ByteArrayOutputStream();
      store.get("bucket", "key", second);
      assertThat(second).hasToString("again");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerThatEndsWithItsConnectionIsReadWhereItsTextHasAnEndOfItsOwn() throws Exception {
    String text = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>";
    try (ScriptedServer server =
            new ScriptedServer(c -> { c.request(); c.say("HTTP/1.0 200 OK\r\n\r\n" + text); });
        S3Store store = store(server)) {
      assertThat(store.createMultipart("bucket", "key", ObjectAttributes.NONE, ChecksumKind.NONE)).isEqualTo("u");
    }
  }

  @Test
  void aKeptConnectionThatDiedIsReplacedSilently() throws Exception {
    Script dies = c -> { c.request(); c.say(OK); c.head(); c.reset(); };
    Script lives = c -> { c.request(); c.say(OK); };
    try (ScriptedServer server = new ScriptedServer(dies, lives);
        S3Store store = store(server)) {
      put(store, small());
      assertThat(put(store, small()).etag()).isEqualTo("e");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aNewConnectionThatDiesIsAFailureAtOnce() throws Exception {
    try (ScriptedServer server = new ScriptedServer(c -> c.request(), c -> { c.request(); c.say(OK); });
        S3Store store = store(server)) {
      StoreFailure failure = failure(() -> put(store, small()));
      assertThat(failure.code()).isEqualTo("ConnectionReset");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void anErrorInASuccessfulCompletionIsAFailureWhateverWhiteSpaceCameFirst() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(c -> {
              c.request();
              c.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              for (int i = 0; i < 8; i++) {
                c.say("1\r\n \r\n");
                TimeUnit.MILLISECONDS.sleep(100);
              }
              String error = "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>m</Message></Error>";
              c.say(Integer.toHexString(error.length()) + "\r\n" + error + "\r\n0\r\n\r\n");
            });
        S3Store store = impatient(server)) {
      StoreFailure failure =
          failure(() -> store.completeMultipart(
              "bucket", "key", "id", List.of(new StoredPart(1, 3, "e", Map.of())), null, Precondition.NONE));
      assertThat(failure.status()).isEqualTo(200);
      assertThat(failure.code()).isEqualTo("InternalError");
      assertThat(failure.isTransient()).isTrue();
    }
  }

  @Test
  void anInterruptEndsTheCallAndTheConnection() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    AtomicReference<StoreFailure> failure = new AtomicReference<>();
    try (ScriptedServer server =
            new ScriptedServer(c -> { c.request(); reached.countDown(); c.awaitEnd(); gone.countDown(); });
        S3Store store = store(server)) {
      Thread thread = new Thread(() -> failure.set(failure(() -> put(store, small()))));
      thread.start();
      reached.await();
      thread.interrupt();
      thread.join();
      gone.await();
    }
    assertThat(failure.get().code()).isEqualTo("Interrupted");
  }

  @Test
  void closingTheStoreEndsACallUnderWay() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    AtomicReference<StoreFailure> failure = new AtomicReference<>();
    try (ScriptedServer server = new ScriptedServer(c -> { c.request(); reached.countDown(); c.silence(); })) {
      S3Store store = store(server);
      Thread thread = new Thread(() -> failure.set(failure(() -> put(store, small()))));
      thread.start();
      reached.await();
      store.close();
      thread.join();
    }
    assertThat(failure.get().code()).isEqualTo("Interrupted");
  }

  @Test
  void aFileThatGotShorterIsTheFilesFault() throws Exception {
    try (FileChannel file = bigFile();
        ScriptedServer server =
            new ScriptedServer(c -> { c.head(); c.say("HTTP/1.1 100 Continue\r\n\r\n"); c.awaitEnd(); });
        S3Store store = store(server)) {
      Body body = new Body.FileSlice(file, BIG / 2, BIG);
      InputFailure failure = catchThrowableOfType(InputFailure.class, () -> put(store, body));
      assertThat(failure).hasMessageContaining("the file got shorter while it was sent");
    }
  }

  @Test
  void aRefusedTimeIsLearntFromTheStoreAndTheCallRepeatedOnce() throws Exception {
    ZonedDateTime theirs = ZonedDateTime.now(ZoneOffset.UTC).plusDays(3);
    String date = "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs) + "\r\n";
    String error = "<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>";
    try (ScriptedServer server =
            new ScriptedServer(c -> {
              c.request();
              c.answer(403, date, error);
              c.request();
              c.say(OK);
              c.request();
              c.say(OK);
            });
        S3Store store = store(server)) {
      put(store, small());
      put(store, small());
      // To the minute: a test that begins shortly before its end may run into the next.
      String signed = "(?i)x-amz-date: (%s|%s)\\d\\dZ"
          .formatted(MINUTE.format(theirs), MINUTE.format(theirs.plusMinutes(1)));
      assertThat(server.requests()).hasSize(3);
      assertThat(server.requests().get(0)).doesNotContainPattern(signed);
      assertThat(server.requests().get(1)).containsPattern(signed);
      assertThat(server.requests().get(2)).containsPattern(signed);
    } finally {
      // The SDK begins each new client with the last time that any store told.
      SdkGlobalTime.setGlobalTimeOffset(0);
    }
  }

  @Test
  void allPagesOfPartsAreRead() throws Exception {
    String part = "<Part><PartNumber>%d</PartNumber><ETag>&quot;e%d&quot;</ETag><Size>5</Size></Part>";
    try (ScriptedServer server =
            new ScriptedServer(c -> {
              c.request();
              c.answer(200, "", "<ListPartsResult><IsTruncated>true</IsTruncated>"
                  + "<NextPartNumberMarker>2</NextPartNumberMarker>"
                  + part.formatted(1, 1) + part.formatted(2, 2) + "</ListPartsResult>");
              c.request();
              c.answer(200, "", "<ListPartsResult><IsTruncated>false</IsTruncated>"
                  + part.formatted(3, 3) + "</ListPartsResult>");
            });
        S3Store store = store(server)) {
      assertThat(store.listParts("bucket", "key", "id")).extracting(StoredPart::etag).containsExactly("e1", "e2", "e3");
      assertThat(server.requests().get(1)).contains("part-number-marker=2");
    }
  }

  @Test
  void allPagesOfUnfinishedUploadsAreReadAndForeignPrefixesLeftOut() throws Exception {
    String upload = "<Upload><Key>%s</Key><UploadId>%s</UploadId><Initiated>2026-11-21T10:00:00.000Z</Initiated></Upload>";
    try (ScriptedServer server =
            new ScriptedServer(c -> {
              c.request();
              c.answer(200, "", "<ListMultipartUploadsResult><EncodingType>url</EncodingType>"
                  + "<IsTruncated>true</IsTruncated><NextKeyMarker>in/a+b%2Bc</NextKeyMarker>"
                  + "<NextUploadIdMarker>u1</NextUploadIdMarker>" + upload.formatted("in/a+b%2Bc", "u1")
                  + upload.formatted("other/x", "u9") + "</ListMultipartUploadsResult>");
              c.request();
              c.answer(200, "", "<ListMultipartUploadsResult><EncodingType>url</EncodingType>"
                  + "<IsTruncated>false</IsTruncated>" + upload.formatted("in/%C3%BC", "u2")
                  + "</ListMultipartUploadsResult>");
            });
        S3Store store = store(server)) {
      assertThat(store.listUnfinished("bucket", "in/"))
          .extracting(UnfinishedUpload::key)
          .containsExactly("in/a b+c", "in/ü");
      assertThat(server.requests().get(1)).contains("key-marker=in%2Fa%20b%2Bc").contains("upload-id-marker=u1");
    }
  }

  @Test
  void aListingThatDoesNotMoveOnIsAFailure() throws Exception {
    String page =
        "<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>7</NextPartNumberMarker></ListPartsResult>";
    try (ScriptedServer server =
            new ScriptedServer(c -> {
              c.request();
              c.answer(200, "", page);
              c.request();
              c.answer(200, "", page);
            });
        S3Store store = store(server)) {
      assertThat(failure(() -> store.listParts("bucket", "key", "id")))
          .hasMessageContaining("there is more, but not from where on");
    }
  }

  @Test
  void nothingOutsideOfAnAnswerIsFetched() throws Exception {
    String evil =
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><ListPartsResult><Part>&x;</Part></ListPartsResult>";
    try (ScriptedServer server = new ScriptedServer(c -> { c.request(); c.answer(200, "", evil); });
        S3Store store = store(server)) {
      assertThat(failure(() -> store.listParts("bucket", "key", "id")).code()).isEqualTo("UnreadableAnswer");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | <Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error> | : 403 AccessDenied (Access"
            + " Denied), request id R; allow these credentials to write (s3:PutObject) in bucket bucket",
        "404 | <Error><Code>NoSuchBucket</Code></Error> | : 404 NoSuchBucket, request id R; create bucket bucket or"
            + " correct reelway.store.bucket",
        "403 | <Error><Code>SignatureDoesNotMatch</Code><SignatureProvided>abc</SignatureProvided></Error> | : 403"
            + " SignatureDoesNotMatch, request id R; correct reelway.store.secret-key, or reelway.store.region if the"
            + " store checks it",
        "400 | <Error><Code>AuthorizationHeaderMalformed</Code><Region>us-west-2</Region></Error> | : 400"
            + " AuthorizationHeaderMalformed, request id R; the bucket is elsewhere, region us-west-2: correct"
            + " reelway.store.region and reelway.store.endpoint",
        "301 | <Error><Code>PermanentRedirect</Code><Endpoint>s3.eu.example</Endpoint></Error> | : 301"
            + " PermanentRedirect, request id R; the bucket is elsewhere, endpoint s3.eu.example: correct"
            + " reelway.store.region and reelway.store.endpoint",
        "500 | <html>oops</html> | : 500 HTTP500, request id R",
      })
  void aRefusalSaysWhatToDo(int status, String body, String message) throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(c -> { c.request(); c.answer(status, "x-amz-request-id: R\r\n", body); });
        S3Store store = store(server)) {
      assertThat(failure(() -> put(store, small())))
          .hasMessage("PUT " + server.endpoint() + "/bucket/key" + message);
    }
  }

  @Test
  void aStoreThatIsNotThereIsNamed() throws Exception {
    URI nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
    }
    try (S3Store store = store(nobody, Duration.ofSeconds(5))) {
      StoreFailure failure = failure(() -> store.headBucket("bucket"));
      assertThat(failure.code()).isEqualTo("ConnectionFailed");
      assertThat(failure.isAnswerLost()).isFalse();
      assertThat(failure).hasMessage("HEAD " + nobody + "/bucket: no connection: Connection refused; check that the"
          + " store runs, and reelway.store.endpoint");
    }
    try (S3Store store =
        store(URI.create("http://no-such-host.invalid"), Duration.ofSeconds(5))) {
      assertThat(failure(() -> store.headBucket("bucket")).code()).isEqualTo("UnknownHost");
    }
  }

  @Test
  void aKeyIsSentAsItIsWithoutNormalising() throws Exception {
    try (ScriptedServer server = new ScriptedServer(c -> { c.request(); c.say(OK); });
        S3Store store = store(server)) {
      store.put("bucket", "a/../b//./c ü", small(), null, ObjectAttributes.NONE, Precondition.NONE, Sent.NOBODY);
      assertThat(server.requests().get(0)).startsWith("PUT /bucket/a/../b//./c%20%C3%BC HTTP/1.1\r\n");
    }
  }
}
