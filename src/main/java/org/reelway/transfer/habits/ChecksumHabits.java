package org.reelway.transfer.habits;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.reelway.transfer.store.Question;
import org.reelway.transfer.store.StoreAnswer;

/** Each kind of checksum: is a right one taken and shown, and is a wrong one refused? */
final class ChecksumHabits {
  private static final byte[] CONTENT = "reelway probe\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OTHER = "other bytes.\n".getBytes(StandardCharsets.US_ASCII);

  private final Asking asking;

  ChecksumHabits(Asking asking) {
    this.asking = asking;
  }

  void look() {
    asking.put("sum-none", CONTENT);
    asking.found("checksum.none.put.head", shown(asking.headWithChecksums("sum-none")));
    for (KnownChecksum kind : KnownChecksum.values()) {
      puts(kind);
      parts(kind);
      if (kind != KnownChecksum.MD5) {
        completions(kind, "full-object");
        completions(kind, "composite");
      }
    }
  }

  private String habit(KnownChecksum kind, String what) {
    return "checksum." + kind.word() + "." + what;
  }

  private void puts(KnownChecksum kind) {
    String name = "sum-" + kind.word();
    Question put = Question.of("PUT", asking.key(name)).body(CONTENT);
    asking.found(habit(kind, "put.wrong"), asking.ask(put.header(kind.header(), kind.of(OTHER))));
    StoreAnswer right = asking.ask(put.header(kind.header(), kind.of(CONTENT)));
    asking.found(habit(kind, "put.right"), right);
    if (right.isSuccess() && kind != KnownChecksum.MD5) {
      asking.found(habit(kind, "put.answer"), shown(right));
      asking.found(habit(kind, "put.head"), shown(asking.headWithChecksums(name)));
    }
  }

  private void parts(KnownChecksum kind) {
    Upload upload = begin(kind, "sum-part-" + kind.word(), "composite");
    Question part = upload.part(1, CONTENT);
    asking.found(habit(kind, "part.wrong"), asking.ask(part.header(kind.header(), kind.of(OTHER))));
    StoreAnswer right = asking.ask(part.header(kind.header(), kind.of(CONTENT)));
    asking.found(habit(kind, "part.right"), right);
    if (right.isSuccess() && kind != KnownChecksum.MD5) {
      boolean listed = upload.list().texts("Part", kind.element()).contains(kind.of(CONTENT));
      asking.found(habit(kind, "part.listed"), listed ? "with it" : "without it");
    }
  }

  /** MD5 is of each request, and nothing that an upload is begun with. */
  private Upload begin(KnownChecksum kind, String name, String type) {
    Question create = Question.of("POST", asking.key(name));
    if (kind == KnownChecksum.MD5) {
      return Upload.begin(asking, create);
    }
    return Upload.begin(
        asking,
        create
            .header("x-amz-checksum-algorithm", kind.name())
            .header("x-amz-checksum-type", type.equals("composite") ? "COMPOSITE" : "FULL_OBJECT"));
  }

  /** A wrong value is sent first: where it is refused, and the upload stays, the right one can follow. */
  private void completions(KnownChecksum kind, String type) {
    String habit = habit(kind, "complete." + type);
    String name = "sum-" + type + "-" + kind.word();
    Upload upload = begin(kind, name, type);
    asking.found(habit + ".create", upload.created());
    if (!upload.isBegun()) {
      return;
    }
    boolean whole = type.equals("full-object");
    Question.Part stored =
        Upload.named(1, asking.ask(upload.part(1, CONTENT).header(kind.header(), kind.of(CONTENT))));
    if (whole) {
      asking.found(habit + ".wrong", asking.ask(completion(upload, kind, stored, OTHER, type)));
      upload = begin(kind, name, type);
      stored = Upload.named(1, asking.ask(upload.part(1, CONTENT).header(kind.header(), kind.of(CONTENT))));
    }
    StoreAnswer right = asking.ask(completion(upload, kind, stored, CONTENT, type));
    asking.found(habit + ".right", right);
    if (right.isSuccess()) {
      asking.found(habit + ".head", shown(asking.headWithChecksums(name)));
    }
  }

  /** Each part is named with its checksum, as AWS wants it; a full object's comes in a header too. */
  private static Question completion(
      Upload upload, KnownChecksum kind, Question.Part stored, byte[] whole, String type) {
    Question.Part part = new Question.Part(1, stored.etag(), kind.element(), kind.of(CONTENT));
    Question complete = Question.complete(upload.key(), upload.id(), part);
    return type.equals("composite")
        ? complete
        : complete.header(kind.header(), kind.of(whole)).header("x-amz-checksum-type", "FULL_OBJECT");
  }

  /** Which kinds an answer's headers show, and of what type. */
  private static String shown(StoreAnswer answer) {
    List<String> shown = new ArrayList<>();
    for (KnownChecksum kind : KnownChecksum.values()) {
      if (kind != KnownChecksum.MD5) {
        answer
            .header(kind.header())
            .ifPresent(value -> shown.add(kind.word() + (isComposite(value) ? "-of-parts" : "")));
      }
    }
    String type = answer.header("x-amz-checksum-type").map(word -> ", " + word).orElse("");
    return shown.isEmpty() ? "none" : String.join(" ", shown) + type;
  }

  private static boolean isComposite(String value) {
    return value.indexOf('-') >= 0;
  }
}
