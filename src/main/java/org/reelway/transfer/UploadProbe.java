package org.reelway.transfer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.ProbeReport.Step;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Checksums;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;
import org.reelway.transfer.store.StoredPart;

/**
 * Which checksums an upload in parts can be sent with. Creation, parts and completion are tried each by itself, kind after
 * kind, down to none: what is not taken at one of them is left out there, or another kind is tried.
 */
final class UploadProbe {
  private final ProbeCalls calls;
  private final AttributesProbe attributes;
  private final Optional<ChecksumKind> wanted;
  private final Set<String> refusals = new LinkedHashSet<>();
  private boolean mayListParts;
  private boolean md5PartEtags;

  UploadProbe(ProbeCalls calls, AttributesProbe attributes, Optional<ChecksumKind> wanted) {
    this.calls = calls;
    this.attributes = attributes;
    this.wanted = wanted;
  }

  /** The store does not take this way of sending. */
  private static final class NotThisWay extends Exception {
    NotThisWay(String why) {
      super(why);
    }
  }

  /** An upload whose part is in the store. */
  private record Begun(String id, StoredPart part, Step listed) {}

  /** @return empty where no recording can be sent in parts */
  Optional<UploadChecksums> run() {
    for (UploadChecksums way : ways()) {
      try {
        return Optional.of(tried(way));
      } catch (NotThisWay e) {
        refusals.add(e.getMessage());
      }
    }
    String help = wanted.isPresent() ? new ChecksumProbe(calls, wanted).help() : "the store must take uploads in parts";
    calls.step("multipart", Outcome.FAILED, String.join("; ", refusals) + "; " + help);
    return Optional.empty();
  }

  /** Whether the ETag of the last upload was the MD5 of its parts' MD5s, where nothing else is checked. */
  boolean hasMd5PartEtags() {
    return md5PartEtags;
  }

  /** Whether the parts of the last upload could be listed. */
  boolean mayListParts() {
    return mayListParts;
  }

  /** The strongest first: a kind that is named at creation is shown of the whole object. */
  private List<UploadChecksums> ways() {
    List<ChecksumKind> crcs = List.of(ChecksumKind.CRC32C, ChecksumKind.CRC64NVME);
    List<UploadChecksums> ways = new ArrayList<>();
    crcs.forEach(kind -> ways.add(UploadChecksums.of(kind)));
    crcs.forEach(kind -> ways.add(new UploadChecksums(kind, false, false)));
    ways.add(UploadChecksums.of(ChecksumKind.MD5));
    ways.add(UploadChecksums.of(ChecksumKind.NONE));
    ways.removeIf(way -> wanted.isPresent() && way.part() != wanted.get());
    return ways;
  }

  private UploadChecksums tried(UploadChecksums way) throws NotThisWay {
    Begun begun = begin(way);
    UploadChecksums used = way;
    try {
      try {
        complete(begun, way);
      } catch (StoreFailure e) {
        if (!way.whole()) {
          throw e;
        }
        refusals.add(said(way, "the whole object's at completion", e));
        used = new UploadChecksums(way.part(), way.declared(), false);
        begun = completedWithout(begun, used);
      }
    } catch (StoreFailure e) {
      calls.abortQuietly(calls.key, begun.id());
      throw new NotThisWay(said(used, "completion", e));
    }
    Optional<StoredObject> found = ProbeCalls.call(() -> calls.store.head(calls.bucket, calls.key));
    Checksum right = Checksums.of(way.part(), ProbeCalls.CONTENT);
    if (right != null && ChecksumProbe.showsAnother(found, right)) {
      throw new NotThisWay(ChecksumProbe.word(way.part()) + ": the completed object shows another value");
    }
    calls.steps.add(begun.listed());
    md5PartEtags = used.part() == ChecksumKind.NONE && isMd5OfParts(found);
    tell(used, found);
    return used;
  }

  /** Some stores end an upload whose completion they refuse. */
  private Begun completedWithout(Begun begun, UploadChecksums used) throws NotThisWay {
    try {
      complete(begun, used);
      return begun;
    } catch (StoreFailure refusal) {
      calls.abortQuietly(calls.key, begun.id());
      Begun again = begin(used);
      try {
        complete(again, used);
        return again;
      } catch (StoreFailure e) {
        calls.abortQuietly(calls.key, again.id());
        throw e;
      }
    }
  }

  private Begun begin(UploadChecksums way) throws NotThisWay {
    String id;
    try {
      id = asked(way, () -> calls.store.createMultipart(calls.bucket, calls.key, calls.attributes, way.declaration()));
    } catch (StoreFailure e) {
      throw new NotThisWay(said(way, "creation", e));
    }
    try {
      boolean checked = way.part() == ChecksumKind.NONE || refusesAWrongPart(id, way);
      StoredPart part = asked(way, () -> part(id, Checksums.of(way.part(), ProbeCalls.CONTENT)));
      if (!checked && wanted.isEmpty()) {
        calls.abortQuietly(calls.key, id);
        throw new NotThisWay(ChecksumProbe.word(way.part()) + " of a part: ignored, a wrong value was taken");
      }
      return new Begun(id, part, listParts(id));
    } catch (StoreFailure e) {
      calls.abortQuietly(calls.key, id);
      throw new NotThisWay(said(way, "a part", e));
    }
  }

  /** What needs no checksum must be taken; the rest is asked. */
  private <T> T asked(UploadChecksums way, Supplier<T> request) {
    return way.part() == ChecksumKind.NONE ? ProbeCalls.call(request) : calls.ask(request);
  }

  private boolean refusesAWrongPart(String id, UploadChecksums way) {
    try {
      calls.ask(() -> part(id, Checksums.of(way.part(), ChecksumProbe.OTHER)));
      return false;
    } catch (StoreFailure e) {
      return ChecksumProbe.isClear(e);
    }
  }

  private StoredPart part(String id, Checksum checksum) {
    return calls.store.uploadPart(
        calls.bucket, calls.key, id, 1, ProbeCalls.CONTENT, checksum, Sent.NOBODY);
  }

  private void complete(Begun begun, UploadChecksums way) {
    Checksum whole = way.whole() ? Checksums.of(way.part(), ProbeCalls.CONTENT) : null;
    asked(
        way,
        () ->
            calls.store.completeMultipart(
                calls.bucket, calls.key, begun.id(), List.of(begun.part()), whole, Precondition.NONE));
  }

  private Step listParts(String id) {
    try {
      List<StoredPart> parts = ProbeCalls.call(() -> calls.store.listParts(calls.bucket, calls.key, id));
      mayListParts = true;
      boolean right = parts.size() == 1 && parts.get(0).size() == ProbeCalls.CONTENT.length();
      return new Step(
          "list parts",
          right ? Outcome.OK : Outcome.LESS,
          right
              ? "an interrupted upload can go on" + (parts.get(0).checksums().isEmpty() ? "" : ", checksums are listed")
              : "a stored part is not listed: interrupted uploads send it again");
    } catch (StoreFailure e) {
      // A store that is away for a moment did not refuse it.
      mayListParts = e.isTransient() || e.isAboutCredentials();
      return new Step("list parts", Outcome.LESS, "interrupted uploads start again: " + e.getMessage());
    }
  }

  private void tell(UploadChecksums used, Optional<StoredObject> found) {
    calls.step("checksum of parts", used.part() == ChecksumKind.NONE ? Outcome.LESS : Outcome.OK, inWords(used, found));
    boolean sized = found.isPresent() && found.get().size() == ProbeCalls.CONTENT.length();
    boolean encrypted = found.isPresent() && attributes.isEncrypted(found.get());
    boolean shown = found.flatMap(object -> object.checksum(used.part())).isPresent();
    calls.step(
        "multipart",
        sized && encrypted ? Outcome.OK : Outcome.FAILED,
        !sized
            ? "the completed object is not shown with its size"
            : !encrypted
                ? "the completed object is not encrypted"
                : shown
                    ? "the completed object shows its " + ChecksumProbe.word(used.part())
                    : "completed; the object shows no checksum");
  }

  private String inWords(UploadChecksums used, Optional<StoredObject> found) {
    String where =
        used.part() == ChecksumKind.NONE
            ? otherProof(found)
            : (used.declared() ? "named at creation, " : "") + "sent with each part"
                + (used.whole() ? " and at completion" : "");
    return ChecksumProbe.word(used.part()) + " (" + where + ")"
        + (refusals.isEmpty() ? "" : "; not used: " + String.join("; ", refusals));
  }

  private static boolean isMd5OfParts(Optional<StoredObject> found) {
    String md5 = Checksums.etag(Checksums.of(ChecksumKind.MD5, ProbeCalls.CONTENT));
    return found.map(StoredObject::etag).filter(Checksums.multipartEtag(List.of(md5))::equals).isPresent();
  }

  private static String otherProof(Optional<StoredObject> found) {
    return isMd5OfParts(found) ? "the ETag, the MD5 of the parts' MD5s, shows what is stored" : "the size alone shows what is stored";
  }

  private static String said(UploadChecksums way, String where, StoreFailure e) {
    return ChecksumProbe.word(way.part()) + (way.isCrc() && !way.declared() ? " that is not named at creation" : "")
        + ", " + where + ": " + (way.part() == ChecksumKind.NONE ? e.getMessage() : e.status() + " " + e.code());
  }
}
