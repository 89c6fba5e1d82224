package org.reelway.camel;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.reelway.failure.InputFailure;
import org.reelway.failure.NotFound;
import org.reelway.state.BackupCopies;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.RecordingStory;
import org.reelway.transfer.TransferProgress;
import org.reelway.transfer.flow.SetAsideRecordings;
import org.reelway.transfer.observe.LiveTransfers;

/** {@code GET /recordings}, {@code GET /recordings/{id}} and {@code POST /recordings/{id}/release}. */
public final class RecordingsApi {
  private static final int LIMIT = 100;
  private static final int LARGEST_LIMIT = 1000;

  private final RecordingHistory history;
  private final LiveTransfers live;
  private final SetAsideRecordings setAside;
  private final BackupCopies backup;
  private final ProgramParts programs;

  RecordingsApi(
      RecordingHistory history, LiveTransfers live, SetAsideRecordings setAside, BackupCopies backup,
      ProgramParts programs) {
    this.backup = backup;
    this.programs = programs;
    this.history = history;
    this.live = live;
    this.setAside = setAside;
  }

  /** {@code ?state=} a state's word, {@code ?limit=} 1 to 1000 (100). */
  public void list(Exchange exchange) {
    String state = exchange.getMessage().getHeader("state", String.class);
    String limit = exchange.getMessage().getHeader("limit", String.class);
    ApiAnswer.give(
        exchange,
        200,
        () -> {
          Map<String, Object> answer = new LinkedHashMap<>();
          answer.put("counts", history.countByState());
          answer.put("recordings", placed(history.list(state(state), limit(limit))));
          answer.put("transferring", live.all().stream().map(RecordingsApi::progress).toList());
          return answer;
        });
  }

  private List<PlacedRecording> placed(List<RecordingStory> stories) {
    Map<String, BackupCopies.Copy> copies = backup.findAll(stories.stream().map(RecordingStory::id).toList());
    return stories.stream().map(story -> PlacedRecording.of(now(story), copies.get(story.id()))).toList();
  }

  private RecordingStory now(RecordingStory story) {
    return live.find(story.id())
        .map(
            transfer ->
                story.during(
                    transfer.partsTotal(), transfer.partsResumed(), transfer.bytesSent(), transfer.retries()))
        .orElse(story);
  }

  private static Optional<RecordingState> state(String word) {
    if (word == null || word.isBlank()) {
      return Optional.empty();
    }
    Optional<RecordingState> state = RecordingState.of(word);
    if (state.isEmpty()) {
      List<String> words = Arrays.stream(RecordingState.values()).map(RecordingState::word).toList();
      throw new InputFailure("state is \"" + word + "\"; allowed are " + words);
    }
    return state;
  }

  private static int limit(String text) {
    if (text == null || text.isBlank()) {
      return LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LARGEST_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Told below, with what is allowed.
    }
    throw new InputFailure("limit is \"" + text + "\"; allowed are 1 to " + LARGEST_LIMIT);
  }

  public void one(Exchange exchange) {
    String id = exchange.getMessage().getHeader("id", "", String.class);
    ApiAnswer.give(
        exchange,
        200,
        () -> {
          RecordingStory story =
              history.find(id).orElseThrow(() -> unknown(id));
          Map<String, Object> answer = new LinkedHashMap<>();
          answer.put("recording", placed(List.of(story)).get(0));
          live.find(id).ifPresent(transfer -> answer.put("transferring", progress(transfer)));
          programs.view(id).ifPresent(program -> answer.put("program", program));
          return answer;
        });
  }

  /** Sends a recording again that was set aside. */
  public void release(Exchange exchange) {
    String id = exchange.getMessage().getHeader("id", "", String.class);
    ApiAnswer.give(exchange, 202, () -> setAside.release(id).orElseThrow(() -> unknown(id)));
  }

  private static NotFound unknown(String id) {
    return new NotFound("no recording has the id \"" + id + "\"; GET /recordings lists them");
  }

  private static Map<String, Object> progress(TransferProgress transfer) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", transfer.id());
    json.put("file", transfer.recording().file().toString());
    json.put("bucket", transfer.bucket());
    json.put("key", transfer.key());
    json.put("state", transfer.state().word());
    json.put("size", transfer.size());
    json.put("bytesDone", transfer.bytesDone());
    json.put("bytesSent", transfer.bytesSent());
    json.put("bytesPerSecond", transfer.bytesPerSecond());
    json.put("parts", transfer.partsTotal());
    json.put("partsDone", transfer.partsDone());
    json.put("partsResumed", transfer.partsResumed());
    json.put("retries", transfer.retries());
    json.put("lastError", transfer.lastError());
    json.put("startedAt", transfer.startedAt());
    return json;
  }
}
