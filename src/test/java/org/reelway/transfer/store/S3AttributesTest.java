package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.core.sync.RequestBody;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.transfer.store.ScriptedServer.Script;

/** The headers of each call, byte by byte, and what a refusal of one says. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class S3AttributesTest {
  private static final String KEY = "c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1mb3ItdGVzdHM=";
  private static final Script OK = c -> {
    c.request();
    c.say("HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  };
  private static final Body BODY = new Body.Bytes(new byte[] {1});

  private static Script xml(String document) {
    return c -> {
      c.request();
      c.answer(200, "ETag: \"e\"\r\nConnection: close\r\n", document);
    };
  }

  private static S3Store store(ScriptedServer server, StoreTerms terms) {
    return new S3Store(
        new StoreConnection(
            server.endpoint(), "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
            StoreCredentials.fixed("access", "secret"), null),
        terms);
  }

  private static StoreTerms encrypting(Encryption encryption) {
    return new StoreTerms(encryption, null, false, false);
  }

  /** What the call carries beside what every call does. */
  private static Map<String, String> special(String head) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    head.lines().skip(1).filter(line -> line.contains(": ")).forEach(
        line -> assertThat(headers.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2)))
            .as("%s, once more", line)
            .isNull());
    List.of(
            "Host", "User-Agent", "Content-Length", "Authorization", "x-amz-date", "x-amz-content-sha256",
            "amz-sdk-invocation-id", "amz-sdk-request")
        .forEach(headers::remove);
    // What the SDK says where nobody says it.
    headers.entrySet().removeIf(header -> header.toString().matches("(?i)Content-Type=(application|binary)/(octet-stream|xml)"));
    return headers;
  }

  private static void putAndBegin(S3Store store, ObjectAttributes attributes) {
    store.put("bucket", "key", BODY, null, attributes, Precondition.NONE, Sent.NOBODY);
    store.createMultipart("bucket", "key", attributes, ChecksumKind.NONE);
  }

  private static Script begun() {
    return xml("<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
  }

  @Test
  void aPutAndACreationCarryAllThatIsAskedAndSignIt() throws Exception {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("keep", "90d");
    tags.put("Größe & Co", "a=b/c");
    ObjectAttributes attributes =
        new ObjectAttributes(
            "video/mp4",
            Map.of("station", "studio 1"),
            new Keeping("STANDARD_IA", "max-age=60", "attachment", tags, new Acl.Canned("bucket-owner-full-control")));
    try (ScriptedServer server = new ScriptedServer(OK, begun());
        S3Store store = store(server, new StoreTerms(new Encryption.StoreKeys(), "123456789012", true, false))) {
      putAndBegin(store, attributes);

      assertThat(server.requests()).hasSize(2).allSatisfy(head -> {
        assertThat(special(head)).containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("Content-Type", "video/mp4"),
                Map.entry("x-amz-meta-station", "studio 1"),
                Map.entry("x-amz-storage-class", "STANDARD_IA"),
                Map.entry("Cache-Control", "max-age=60"),
                Map.entry("Content-Disposition", "attachment"),
                Map.entry("x-amz-tagging", "keep=90d&Gr%C3%B6%C3%9Fe%20%26%20Co=a%3Db%2Fc"),
                Map.entry("x-amz-acl", "bucket-owner-full-control"),
                Map.entry("x-amz-server-side-encryption", "AES256"),
                Map.entry("x-amz-expected-bucket-owner", "123456789012"),
                Map.entry("x-amz-request-payer", "requester")));
        String signed = head.lines().filter(line -> line.startsWith("Authorization")).findFirst().orElseThrow();
        assertThat(signed.replaceAll(".*SignedHeaders=([^,]*),.*", "$1").split(";"))
            .contains(special(head).keySet().stream().map(String::toLowerCase).toArray(String[]::new));
      });
    }
  }

  @Test
  void anObjectOfARouteIsEncryptedAsWellUnlessItSaysHow() throws Exception {
    try (ScriptedServer server = new ScriptedServer(OK, OK);
        S3Store store = store(server, encrypting(new Encryption.StoreKeys()))) {
      RequestBody body = RequestBody.fromString("x");
      store.client().s3().putObject(put -> put.bucket("bucket").key("key"), body);
      store.client().s3().putObject(put -> put.bucket("bucket").key("key").serverSideEncryption("aws:kms"), body);
      assertThat(special(server.requests().get(0))).containsEntry("x-amz-server-side-encryption", "AES256");
      assertThat(special(server.requests().get(1))).containsEntry("x-amz-server-side-encryption", "aws:kms");
    }
  }

  @Test
  void nothingIsSentThatWasNotAsked() throws Exception {
    try (ScriptedServer server = new ScriptedServer(OK, begun()); S3Store store = store(server, StoreTerms.NONE)) {
      putAndBegin(store, ObjectAttributes.NONE);

      assertThat(server.requests()).allSatisfy(head -> assertThat(special(head)).isEmpty());
    }
  }

  @Test
  void aGrantNamesTheGroupByItsUri() throws Exception {
    Acl acl = new Acl.GroupGrant("read-acp", "http://acs.amazonaws.com/groups/global/AuthenticatedUsers");
    ObjectAttributes attributes =
        new ObjectAttributes(null, Map.of(), new Keeping(null, null, null, Map.of(), acl));
    try (ScriptedServer server = new ScriptedServer(OK, begun()); S3Store store = store(server, StoreTerms.NONE)) {
      putAndBegin(store, attributes);

      assertThat(server.requests()).allSatisfy(head -> assertThat(special(head)).containsExactlyEntriesOf(
          Map.of("x-amz-grant-read-acp", "uri=\"http://acs.amazonaws.com/groups/global/AuthenticatedUsers\"")));
    }
  }

  @Test
  void aKmsKeyItsBucketKeyAndContextGoWithPutAndCreationOnly() throws Exception {
    Map<String, String> context = new LinkedHashMap<>();
    context.put("department", "news");
    context.put("a b", "1");
    Encryption kms = new Encryption.Kms("aws:kms", "alias/studio", true, context);
    try (ScriptedServer server = new ScriptedServer(OK, begun(), OK, xml("<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>"));
        S3Store store = store(server, encrypting(kms))) {
      putAndBegin(store, ObjectAttributes.NONE);
      store.uploadPart("bucket", "key", "u", 1, BODY, null, Sent.NOBODY);
      store.listParts("bucket", "key", "u");

      String base64 = "eyJkZXBhcnRtZW50IjoibmV3cyIsImEgYiI6IjEifQ==";
      assertThat(server.requests().subList(0, 2)).allSatisfy(head ->
          assertThat(special(head)).containsExactlyInAnyOrderEntriesOf(Map.of(
              "x-amz-server-side-encryption", "aws:kms",
              "x-amz-server-side-encryption-aws-kms-key-id", "alias/studio",
              "x-amz-server-side-encryption-bucket-key-enabled", "true",
              "x-amz-server-side-encryption-context", base64)));
      assertThat(server.requests().subList(2, 4)).allSatisfy(head -> assertThat(special(head)).isEmpty());
    }
  }

  @Test
  void aCustomerKeyGoesWithEveryCallOnTheObjectAndIsNeverShown() throws Exception {
    Encryption customer = new Encryption.CustomerKey(KEY);
    String completed = "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>";
    try (ScriptedServer server =
            new ScriptedServer(OK, begun(), OK, xml("<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>"), xml(completed), OK, OK, OK);
        S3Store store = store(server, encrypting(customer))) {
      putAndBegin(store, ObjectAttributes.NONE);
      StoredPart part = store.uploadPart("bucket", "key", "u", 1, BODY, null, Sent.NOBODY);
      store.listParts("bucket", "key", "u");
      store.completeMultipart("bucket", "key", "u", List.of(part), null, Precondition.NONE);
      store.head("bucket", "key");
      store.get("bucket", "key", new ByteArrayOutputStream());
      store.abortMultipart("bucket", "key", "u");

      Map<String, String> key = Map.of(
          "x-amz-server-side-encryption-customer-algorithm", "AES256",
          "x-amz-server-side-encryption-customer-key", KEY,
          "x-amz-server-side-encryption-customer-key-MD5", "7960VT8/8WRxk9adPxoOxA==");
      assertThat(server.requests().subList(0, 7)).allSatisfy(head -> assertThat(special(head)).containsAllEntriesOf(key));
      assertThat(special(server.requests().get(7))).as("an abort").isEmpty();
    }
    assertThat(customer + customer.inWords() + encrypting(customer)).doesNotContain(KEY);
  }

  @Test
  void anObjectThatIsNotEncryptedWithTheCustomersKeyIsSeenAsWhatItIs() throws Exception {
    Script refused = c -> { c.request(); c.say("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"); };
    try (ScriptedServer server = new ScriptedServer(refused, OK);
        S3Store store = store(server, encrypting(new Encryption.CustomerKey(KEY)))) {
      assertThat(store.head("bucket", "key")).get().extracting(StoredObject::encryption)
          .isEqualTo(ShownEncryption.NONE);
      assertThat(special(server.requests().get(1)).keySet()).containsExactly("x-amz-checksum-mode");
    }
    try (ScriptedServer server = new ScriptedServer(refused); S3Store store = store(server, StoreTerms.NONE)) {
      assertThat(catchThrowableOfType(StoreFailure.class, () -> store.head("bucket", "key")))
          .hasMessageEndingWith("/bucket/key: 400 HTTP400; the answer to a HEAD cannot say why: an expired session"
              + " token is one reason; another is an object that was encrypted with a customer key, which can be looked"
              + " at with that key only: set reelway.store.encryption and reelway.store.customer-key, or use"
              + " another reelway.store.prefix");
    }
  }

  @Test
  void whatAHeadShowsOfEncryptionClassAndTagsIsTaken() throws Exception {
    Script shown = c -> {
      c.request();
      c.say("HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 7\r\nx-amz-server-side-encryption: aws:kms\r\n"
          + "x-amz-server-side-encryption-aws-kms-key-id: arn:aws:kms:x:1:key/k\r\nx-amz-storage-class: GLACIER_IR\r\n"
          + "x-amz-tagging-count: 3\r\nConnection: close\r\n\r\n");
    };
    try (ScriptedServer server = new ScriptedServer(shown); S3Store store = store(server, StoreTerms.NONE)) {
      StoredObject object = store.head("bucket", "key").orElseThrow();
      assertThat(object.encryption()).hasToString("aws:kms with key arn:aws:kms:x:1:key/k");
      assertThat(object.encryption().hidesMd5()).isTrue();
      assertThat(object.storageClass()).isEqualTo("GLACIER_IR");
      assertThat(object.tags()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {
    "kms, -, aws:kms, arn:aws:kms:x:1:key/k, true",
    "kms, k, aws:kms, arn:aws:kms:x:1:key/k, true",
    "kms, arn:aws:kms:x:1:key/k, aws:kms, arn:aws:kms:x:1:key/k, true",
    "kms, alias/studio, aws:kms, arn:aws:kms:x:1:key/k, true",
    "kms, other, aws:kms, arn:aws:kms:x:1:key/k, false",
    "kms, k, aws:kms, -, true",
    "kms, -, AES256, -, false",
    "kms, -, aws:kms:dsse, -, false",
    "kms, -, -, -, false",
    "s3, -, AES256, -, true",
    "s3, -, aws:kms, -, true",
    "s3, -, -, -, false",
    "none, -, -, -, true",
    "none, -, aws:kms, -, true"
  })
  void whatIsShownIsComparedWithWhatWasTold(String told, String key, String algorithm, String shownKey, boolean kept) {
    Encryption encryption =
        switch (told) {
          case "kms" -> new Encryption.Kms("aws:kms", key, null, Map.of());
          case "s3" -> new Encryption.StoreKeys();
          default -> Encryption.NONE;
        };
    assertThat(encryption.isKeptBy(new ShownEncryption(algorithm, shownKey, null, null))).isEqualTo(kept);
  }

  @Test
  void onlyTheCustomersOwnKeyCounts() {
    Encryption customer = new Encryption.CustomerKey(KEY);
    assertThat(customer.isKeptBy(new ShownEncryption(null, null, "AES256", "7960VT8/8WRxk9adPxoOxA=="))).isTrue();
    assertThat(customer.isKeptBy(new ShownEncryption(null, null, "AES256", null))).isTrue();
    assertThat(customer.isKeptBy(new ShownEncryption(null, null, "AES256", "other"))).isFalse();
    assertThat(customer.isKeptBy(new ShownEncryption("AES256", null, null, null))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | AccessControlListNotSupported | ; the bucket takes no ACLs, its policy says who may read: remove"
            + " reelway.store.acl, reelway.store.acl-grantee and reelway.store.acl-permission",
        "400 | InvalidStorageClass | ; correct reelway.store.storage-class to one that the store has",
        "400 | InvalidTag | ; correct reelway.store.tags",
        "400 | MetadataTooLarge | ; shorten reelway.store.metadata",
        "400 | KMS.NotFoundException | ; the key cannot be used: correct reelway.store.kms-key, enable the key, or allow"
            + " these credentials kms:GenerateDataKey and kms:Decrypt on it",
        "400 | InvalidArgument | ; the object was to carry what reelway.store.storage-class, reelway.store.tags,"
            + " reelway.store.acl, reelway.store.encryption ask for: correct what the store does not take",
        "501 | NotImplemented | ; the object was to carry what reelway.store.storage-class, reelway.store.tags,"
            + " reelway.store.acl, reelway.store.encryption ask for: correct what the store does not take",
        "403 | AccessDenied | ; allow these credentials to write (s3:PutObject) in bucket bucket; also needed"
            + " s3:PutObjectTagging for reelway.store.tags, s3:PutObjectAcl for reelway.store.acl, and for"
            + " reelway.store.encryption=kms kms:GenerateDataKey and kms:Decrypt on its key",
      })
  void aRefusalNamesTheSettingToChange(int status, String code, String advice) throws Exception {
    Keeping keeping = new Keeping("COLD", null, null, Map.of("a", "b"), new Acl.Canned("private"));
    try (ScriptedServer server =
            new ScriptedServer(c -> { c.request(); c.answer(status, "", "<Error><Code>" + code + "</Code></Error>"); });
        S3Store store = store(server, encrypting(new Encryption.Kms("aws:kms", null, null, Map.of())))) {
      StoreFailure failure =
          catchThrowableOfType(
              StoreFailure.class,
              () -> store.createMultipart(
                  "bucket", "key", new ObjectAttributes(null, Map.of(), keeping), ChecksumKind.NONE));
      assertThat(failure).hasMessage(
          "POST " + server.endpoint() + "/bucket/key: " + status + " " + code + advice);
    }
  }

  @Test
  void metadataIsCutInWholeCharactersToTheBytesOfTheWire() {
    assertThat(ObjectAttributes.cutMetadata("studio", 10)).isEqualTo("studio");
    assertThat(ObjectAttributes.cutMetadata("Größe", 8)).isEqualTo("Grö");
    assertThat(ObjectAttributes.cutMetadata("a🎬b", 12)).isEqualTo("a");
    assertThat("🎬".repeat(100).codePoints().mapToObj(Character::toString).collect(Collectors.joining()))
        .startsWith(ObjectAttributes.cutMetadata("🎬".repeat(100), 100));
  }
}
