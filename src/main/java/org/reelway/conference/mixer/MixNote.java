package org.reelway.conference.mixer;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.reelway.recording.DurableFiles;
import org.reelway.recording.FileIdentity;

/**
 * A mixing job as it stands in its folder, beside the recording: the folder is the job, so that no other state has to be
 * whole for it to go on after a crash.
 *
 * @param recording path that the recording had when it was handed over
 * @param recorderUri of the multi-recorder; empty for none
 * @param createdMillis when the recording began, since 1970
 * @param lengthMillis of the recording; 0 where nobody said
 * @param identity text of the recording's {@code FileIdentity}, by which it is known wherever it is
 * @param target the mix with its name in place; empty until it is whole
 * @param mixedMillis length of the mix; 0 until it is whole
 * @param mixedAtMillis when it became whole, since 1970
 * @param state word of {@link MixJob.State}
 * @param trouble why it does not go on; empty for nothing
 * @param tries how often it was begun
 * @param mixIdentity of the mix that is whole; empty until then
 * @param needed bytes that it takes while it is made, as far as a try told that had no room; 0 until then
 */
record MixNote(
    String recording, String recorderUri, long createdMillis, long lengthMillis, String identity, String target,
    long mixedMillis, long mixedAtMillis, String state, String trouble, int tries, String mixIdentity,
    long needed) {
  private static final String FILE = "job.json";
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  MixNote {
    identity = identity == null ? "" : identity;
    mixIdentity = mixIdentity == null ? "" : mixIdentity;
  }

  static MixNote of(MixOrder order) {
    return of(order, identity(order.recording()));
  }

  static MixNote of(MixOrder order, String identity) {
    return new MixNote(
        order.recording().toString(), order.recorderUri(), order.created().toEpochMilli(), order.length().toMillis(), identity, "", 0, 0, MixJob.State.WAITING.word(), "", 0, "",
        0);
  }

  private static String identity(Path recording) {
    try {
      return FileIdentity.of(recording).text();
    } catch (IOException linkOrGone) {
      return "";
    }
  }

  MixOrder order() {
    return new MixOrder(
        Path.of(recording), recorderUri, Instant.ofEpochMilli(createdMillis), Duration.ofMillis(lengthMillis));
  }

  static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE));
  }

  /** @throws IOException it is not there, or not ours */
  static MixNote read(Path folder) throws IOException {
    return JSON.readValue(DurableFiles.readNote(folder.resolve(FILE)), MixNote.class);
  }

  void write(Path folder) throws IOException {
    DurableFiles.write(folder.resolve(FILE), JSON.writeValueAsBytes(this));
  }

  MixNote in(MixJob.State now, String why) {
    return as(now, why, tries);
  }

  /** After a restart: what ran, or waited for room, waits for its turn. */
  MixNote again() {
    MixJob.State was = MixJob.State.of(state);
    return was == MixJob.State.MIXING || was == MixJob.State.NO_ROOM ? in(MixJob.State.WAITING, "") : this;
  }

  MixNote begun() {
    return as(MixJob.State.MIXING, "", tries + 1);
  }

  private MixNote as(MixJob.State now, String why, int begun) {
    return new MixNote(
        recording, recorderUri, createdMillis, lengthMillis, identity, target, mixedMillis, mixedAtMillis, now.word(), why,
        begun, mixIdentity, needed);
  }

  /** What is told of it is what was said last. */
  MixNote orderedAs(MixOrder order) {
    return new MixNote(
        recording, order.recorderUri(), order.created().toEpochMilli(), order.length().toMillis(), identity, target,
        mixedMillis, mixedAtMillis, state, trouble, tries, mixIdentity, needed);
  }

  /** @param file the name that the mix is to have */
  MixNote becoming(Path file, Mixed mixed) {
    return new MixNote(
        recording, recorderUri, createdMillis, lengthMillis, identity, file.toString(), mixed.duration().toMillis(),
        mixed.at().toEpochMilli(), state, trouble, tries, mixed.identity(), needed);
  }

  MixNote needing(long bytes) {
    return new MixNote(
        recording, recorderUri, createdMillis, lengthMillis, identity, target, mixedMillis, mixedAtMillis, state, trouble,
        tries, mixIdentity, bytes);
  }

  Mixed mixed() {
    return new Mixed(
        Path.of(target), Duration.ofMillis(mixedMillis), Instant.ofEpochMilli(mixedAtMillis),
        mixIdentity.isEmpty() ? identity(Path.of(target)) : mixIdentity);
  }
}
