package org.reelway.transfer.habits;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.reelway.transfer.store.Question;
import org.reelway.transfer.store.StoreAnswer;

/** Single objects: ETags, what is seen at once, and how errors are told. */
final class ObjectHabits {
  private static final byte[] CONTENT = "reelway probe\n".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_KEY = 1024;
  private static final int LOOKS = 10;

  private final Asking asking;

  ObjectHabits(Asking asking) {
    this.asking = asking;
  }

  void look() {
    puts();
    seenAtOnce();
    errors();
  }

  private void puts() {
    StoreAnswer put = asking.put("object", CONTENT);
    asking.found("put", put);
    asking.found("put.etag", Etags.form(put, CONTENT));
    asking.found("head.checksum-mode", asking.headWithChecksums("object"));
    asking.found("put.empty", asking.put("empty", new byte[0]));
    asking.found("put.version-id", put.header("x-amz-version-id").isPresent() ? "shown" : "not shown");
    asking.found("errors.request-id", put.header("x-amz-request-id").isPresent() ? "shown" : "not shown");
    asking.found("get.range", asking.ask(Question.of("GET", asking.key("object")).header("Range", "bytes=2-3")));
  }

  private void seenAtOnce() {
    asking.found("consistency.head-after-put", when(() -> asking.head("object").isSuccess()));
    asking.found("consistency.list-after-put", when(() -> isListed("object")));
    StoreAnswer deleted = asking.ask(Question.of("DELETE", asking.key("empty")));
    asking.found("delete", deleted);
    asking.found("consistency.head-after-delete", when(() -> asking.head("empty").status() == 404));
    asking.found("consistency.list-after-delete", when(() -> !isListed("empty")));
  }

  private boolean isListed(String name) {
    StoreAnswer listing =
        asking.ask(Question.of("GET", null).query("list-type", "2").query("prefix", asking.folder()));
    return listing.texts("Contents", "Key").contains(asking.key(name));
  }

  /** Looks again for a while. */
  private static String when(BooleanSupplier seen) {
    for (int looks = 1; looks <= LOOKS; looks++) {
      if (seen.getAsBoolean()) {
        return looks == 1 ? "at once" : "later";
      }
      Asking.pause();
    }
    return "not within " + LOOKS + " looks";
  }

  private void errors() {
    asking.found("errors.head.missing-key", asking.head("missing"));
    asking.found("errors.get.missing-key", asking.ask(Question.of("GET", asking.key("missing"))));
    asking.found("errors.delete.missing-key", asking.ask(Question.of("DELETE", asking.key("missing"))));
    asking.found(
        "errors.get.range-behind-end",
        asking.ask(Question.of("GET", asking.key("object")).header("Range", "bytes=1000-")));
    asking.found(
        "errors.put.malformed-md5",
        asking.ask(Question.of("PUT", asking.key("object")).header("Content-MD5", "no-digest").body(CONTENT)));
    asking.found("errors.put.key-too-long", asking.put(tooLong(), CONTENT));
    asking.found(
        "errors.clock-an-hour-behind",
        asking.ask(Question.of("GET", asking.key("object")).clockOff(Duration.ofHours(-1))));
  }

  /** In segments that a file system takes too. */
  private String tooLong() {
    StringBuilder name = new StringBuilder();
    while (asking.folder().length() + name.length() <= LONGEST_KEY) {
      name.append(name.length() % 100 == 99 ? '/' : 'x');
    }
    return name.append('x').toString();
  }
}
