package org.reelway.transfer.habits;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.reelway.failure.DestinationFailure;
import org.reelway.transfer.store.Question;
import org.reelway.transfer.store.StoreAnswer;

/**
 * Removes what a probe left: uploads, objects, versions and delete markers below the folder of that one run, whose name
 * nobody else could know. Where nothing may be listed, what the probe knows of is removed.
 */
final class Leftovers {
  private static final int ROUNDS = 20;

  private final Asking asking;

  Leftovers(Asking asking) {
    this.asking = asking;
  }

  /** @return what stays, in words; empty where all is gone */
  List<String> remove() {
    Set<String> problems = new TreeSet<>();
    List<Runnable> steps =
        List.of(() -> uploads(problems), () -> versions(problems), () -> objects(problems));
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (DestinationFailure e) {
        problems.add(e.getMessage());
      }
    }
    return List.copyOf(problems);
  }

  private Question listing() {
    return Question.of("GET", null).query("prefix", asking.folder());
  }

  private void uploads(Set<String> problems) {
    for (int round = 0; round < ROUNDS; round++) {
      StoreAnswer listing = asking.ask(listing().query("uploads", ""));
      boolean told = listing.isSuccess();
      List<Upload> begun = asking.uploads();
      List<String> keys = told ? ours(listing.texts("Upload", "Key")) : begun.stream().map(Upload::key).toList();
      List<String> ids = told ? listing.texts("Upload", "UploadId") : begun.stream().map(Upload::id).toList();
      IntFunction<Question> abort = i -> Question.of("DELETE", keys.get(i)).query("uploadId", ids.get(i));
      if (!isGone(problems, i -> "upload " + ids.get(i) + " of ", keys, abort) || !told) {
        return;
      }
    }
  }

  /** Where the store has none, it answers with an error, or with a listing of another kind. */
  private void versions(Set<String> problems) {
    for (int round = 0; round < ROUNDS; round++) {
      StoreAnswer listing = asking.ask(listing().query("versions", ""));
      List<String> listed = new ArrayList<>(listing.texts("Version", "Key"));
      List<String> ids = new ArrayList<>(listing.texts("Version", "VersionId"));
      listed.addAll(listing.texts("DeleteMarker", "Key"));
      ids.addAll(listing.texts("DeleteMarker", "VersionId"));
      List<String> keys = ours(listed);
      IntFunction<Question> deletion = i -> Question.of("DELETE", keys.get(i)).query("versionId", ids.get(i));
      if (!isGone(problems, i -> "version " + ids.get(i) + " of ", keys, deletion)) {
        return;
      }
    }
  }

  private void objects(Set<String> problems) {
    for (int round = 0; round < ROUNDS; round++) {
      StoreAnswer listing = asking.ask(listing().query("list-type", "2"));
      boolean told = listing.isSuccess();
      List<String> keys = told ? ours(listing.texts("Contents", "Key")) : List.copyOf(asking.written());
      if (!isGone(problems, i -> "", keys, i -> Question.of("DELETE", keys.get(i))) || !told) {
        return;
      }
    }
  }

  /** A store that ignores the prefix tells of other objects too: then nothing of the listing is touched. */
  private List<String> ours(List<String> keys) {
    return keys.stream().allMatch(key -> key.startsWith(asking.folder())) ? keys : List.of();
  }

  /** @return whether there was something, and all of it went: then the listing may have a next page */
  private boolean isGone(
      Set<String> problems, IntFunction<String> what, List<String> keys, IntFunction<Question> deletion) {
    boolean all = !keys.isEmpty();
    for (int i = 0; i < keys.size(); i++) {
      StoreAnswer answer = asking.ask(deletion.apply(i));
      if (!answer.isSuccess() && answer.status() != 404) {
        problems.add(what.apply(i) + keys.get(i) + " stays: " + Asking.words(answer));
        all = false;
      }
    }
    return all;
  }
}
