package org.reelway.camel.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Header;
import org.reelway.failure.NotFound;
import org.reelway.state.BackupCopies;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingQuery;
import org.reelway.state.RecordingState;
import org.reelway.state.RecordingStory;
import org.reelway.transfer.TransferProgress;
import org.reelway.transfer.flow.SendAgain;
import org.reelway.transfer.observe.LiveTransfers;

/** {@code GET /recordings}, {@code GET /recordings/{id}}, and what has one sent again. */
public final class RecordingsApi {
  private static final List<String> STATES = Arrays.stream(RecordingState.values()).map(RecordingState::word).toList();

  private final RecordingHistory history;
  private final LiveTransfers live;
  private final SendAgain again;
  private final BackupCopies backup;
  private final Function<String, Optional<Run>> programs;
  private final Function<String, Optional<String>> traces;
  private final OtherNodes others;

  /** @param traces the trace of a recording by its id; empty where none is made */
  public RecordingsApi(
      RecordingHistory history, LiveTransfers live, SendAgain again, BackupCopies backup, Function<String, Optional<Run>> programs,
      Function<String, Optional<String>> traces, OtherNodes others) {
    this.others = others;
    this.backup = backup;
    this.programs = programs;
    this.traces = traces;
    this.history = history;
    this.live = live;
    this.again = again;
  }

  /** @param counts by state */
  public record RecordingList(
      Map<String, Long> counts, List<Recording> recordings, List<Transfer> transferring) {}

  /**
   * @param backup both places of one that is or was in the backup, absent for all others
   * @param trace the id of its trace, absent where none is made
   */
  public record Recording(
      @JsonUnwrapped RecordingStory story, @JsonInclude(Include.NON_NULL) BackupApi.Places backup,
      @JsonInclude(Include.NON_NULL) String trace) {}

  /** A recording that is being sent. @param state of the try */
  public record Transfer(
      String id, String file, String bucket, String key, String state, long size, long bytesDone, long bytesSent,
      long bytesPerSecond, int parts, int partsDone, int partsResumed, long retries, String lastError,
      Instant startedAt) {
    static Transfer of(TransferProgress now) {
      return new Transfer(
          now.id(), now.recording().file().toString(), now.bucket(), now.key(), now.state().word(), now.size(),
          now.bytesDone(), now.bytesSent(), now.bytesPerSecond(), now.partsTotal(), now.partsDone(),
          now.partsResumed(), now.retries(), now.lastError(), now.startedAt());
    }
  }

  /** @param transferring absent while it is not; @param program the operator's own, absent where none ran */
  @JsonInclude(Include.NON_NULL)
  public record OneRecording(Recording recording, Transfer transferring, Run program) {}

  /** A run of the operator's program for a recording. @param tries those that wanted another one */
  public record Run(String state, Integer exitCode, int tries, String problem, Instant begunAt, Instant endedAt) {}

  /** Newest first. @param since a time, or a length such as 2h before now */
  public RecordingList list(
      @Header("node") String node, @Header("state") String state, @Header("search") String search, @Header("since") String since,
      @Header("after") String after, @Header("limit") String limit) {
    RecordingQuery query =
        new RecordingQuery(
            QueryWords.state(state, STATES).flatMap(RecordingState::of), QueryWords.words(search),
            QueryWords.since(since, Instant.now()), QueryWords.words(after), QueryWords.words(node));
    return new RecordingList(
        history.countByState(), placed(history.list(query, QueryWords.limit(limit))), transferring());
  }

  public List<Recording> newest(int limit) {
    return placed(history.list(new RecordingQuery(Optional.empty(), null, null, null, null), limit));
  }

  public List<Transfer> transferring() {
    return live.all().stream().map(Transfer::of).toList();
  }

  private List<Recording> placed(List<RecordingStory> stories) {
    Map<String, BackupCopies.Copy> copies = backup.findAll(stories.stream().map(RecordingStory::id).toList());
    return stories.stream()
        .map(
            story -> new Recording(
                now(story), Optional.ofNullable(copies.get(story.id())).map(BackupApi.Places::of).orElse(null),
                traces.apply(story.id()).orElse(null)))
        .toList();
  }

  private RecordingStory now(RecordingStory story) {
    return live.find(story.id())
        .map(
            transfer ->
                story.during(
                    transfer.partsTotal(), transfer.partsResumed(), transfer.bytesSent(), transfer.retries()))
        .orElse(story);
  }

  public OneRecording one(@Header("id") String id) {
    RecordingStory story = history.find(id).orElseThrow(() -> unknown(id));
    return new OneRecording(
        placed(List.of(story)).get(0), live.find(id).map(Transfer::of).orElse(null), programs.apply(id).orElse(null));
  }

  /** Sends a recording again that was set aside. */
  public SendAgain.Ordered release(@Header("id") String id) {
    requireFile(id);
    return again.release(id).orElseThrow(() -> unknown(id));
  }

  /** Sends a recording again, from its file, that nothing was left to do for. */
  public SendAgain.Ordered upload(@Header("id") String id) {
    requireFile(id);
    return again.upload(id).orElseThrow(() -> unknown(id));
  }

  /** A folder may be shared by nodes: where its file is here, too, this one can send it. */
  private void requireFile(String id) {
    history.find(id).filter(story -> !Files.exists(Path.of(story.file())))
        .ifPresent(story -> others.requireHere(story.node(), "the recording " + id));
  }

  private static NotFound unknown(String id) {
    return new NotFound("no recording has the id \"" + id + "\"; GET /recordings lists them");
  }
}
