package org.reelway.transfer.habits;

import java.nio.charset.StandardCharsets;
import org.reelway.transfer.store.Question;
import org.reelway.transfer.store.StoreAnswer;

/** Uploads in parts: lists, the smallest part, and what is refused how. */
final class MultipartHabits {
  private static final byte[] CONTENT = "reelway probe\n".getBytes(StandardCharsets.US_ASCII);
  private static final String NO_ETAG = "00000000000000000000000000000000";
  private static final int KIB = 1024;
  /** AWS's least size of a part that is not the last. */
  private static final int FIVE_MIB = 5 * KIB * KIB;

  private final Asking asking;

  MultipartHabits(Asking asking) {
    this.asking = asking;
  }

  void look() {
    whole();
    aborted();
    refused();
    smallestPart("1-kib", KIB);
    smallestPart("5-mib-less-1-byte", FIVE_MIB - 1);
    smallestPart("5-mib", FIVE_MIB);
  }

  private void whole() {
    Upload upload = Upload.begin(asking, "parts");
    asking.found("multipart.create", upload.created());
    asking.found("multipart.list-uploads", isListed(upload) ? "lists it" : "does not list it");
    StoreAnswer stored = asking.ask(upload.part(1, CONTENT));
    asking.found("multipart.part", stored);
    asking.found("multipart.part.etag", Etags.form(stored, CONTENT));
    Question.Part part = Upload.named(1, stored);
    asking.found("multipart.list-parts", listed(upload, part));
    StoreAnswer complete = upload.complete(part);
    asking.found("multipart.complete", complete);
    asking.found("multipart.complete.document", complete.documentName().orElse("none"));
    asking.found("multipart.etag", Etags.ofParts(complete.text("ETag").orElse(""), CONTENT));
    asking.found("multipart.complete.again", upload.complete(part));
    asking.found("multipart.list-parts.after-complete", listedAfter(upload));
    asking.found("multipart.list-uploads.after-complete", isListed(upload) ? "lists it" : "does not list it");
    asking.found("multipart.abort.after-complete", upload.abort());
  }

  private String listed(Upload upload, Question.Part part) {
    StoreAnswer list = upload.list();
    if (!list.isSuccess()) {
      return Asking.words(list);
    }
    boolean sized = list.texts("Part", "Size").contains(Integer.toString(CONTENT.length));
    boolean tagged = list.texts("Part", "ETag").stream().map(Etags::plain).anyMatch(part.etag()::equals);
    return sized && tagged ? "lists it with size and ETag" : sized ? "lists it with its size" : "does not list it";
  }

  private static String listedAfter(Upload upload) {
    StoreAnswer list = upload.list();
    int parts = list.texts("Part", "PartNumber").size();
    return Asking.words(list) + (list.isSuccess() ? ", " + parts + " parts" : "");
  }

  private boolean isListed(Upload upload) {
    return asking
        .ask(Question.of("GET", null).query("uploads", "").query("prefix", asking.folder()))
        .texts("Upload", "UploadId")
        .contains(upload.id());
  }

  private void aborted() {
    Upload upload = Upload.begin(asking, "aborted");
    Question.Part part = upload.store(1, CONTENT);
    asking.found("multipart.abort", upload.abort());
    asking.found("multipart.abort.again", upload.abort());
    asking.found("multipart.list-parts.after-abort", listedAfter(upload));
    asking.found("multipart.list-uploads.after-abort", isListed(upload) ? "lists it" : "does not list it");
    asking.found("multipart.complete.after-abort", upload.complete(part));
  }

  private void refused() {
    Upload upload = Upload.begin(asking, "refused");
    // So large that it is not refused for its size first.
    Question.Part first = upload.store(1, new byte[FIVE_MIB]);
    Question.Part second = upload.store(2, CONTENT);
    asking.found("multipart.complete.wrong-order", upload.complete(second, first));
    asking.found("multipart.complete.wrong-etag", again("etag", new Question.Part(1, NO_ETAG, null, null)));
    asking.found("multipart.complete.missing-part", again("missing", new Question.Part(7, first.etag(), null, null)));
    asking.found("multipart.complete.no-parts", again("none"));
    Upload unknown = new Upload(asking, upload.key(), upload.id() + "0", null);
    asking.found("multipart.complete.unknown-upload", unknown.complete(first));
    asking.found("multipart.list-parts.unknown-upload", listedAfter(unknown));
    asking.found("multipart.abort.unknown-upload", unknown.abort());
  }

  /** Of an upload of its own, for whatever is taken ends it. */
  private StoreAnswer again(String name, Question.Part... parts) {
    Upload upload = Upload.begin(asking, "refused-" + name);
    upload.store(1, CONTENT);
    return upload.complete(parts);
  }

  private void smallestPart(String word, int size) {
    Upload upload = Upload.begin(asking, "small");
    byte[] bytes = new byte[size];
    StoreAnswer complete = upload.complete(upload.store(1, bytes), upload.store(2, CONTENT));
    asking.found("multipart.first-part." + word, complete);
    if (complete.isSuccess()) {
      asking.found("multipart.first-part." + word + ".etag",
          Etags.ofParts(complete.text("ETag").orElse(""), bytes, CONTENT));
    }
  }
}
