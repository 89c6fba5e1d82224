package org.reelway.camel;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.reelway.failure.InputFailure;
import org.reelway.state.BackupCopies;
import org.reelway.transfer.backup.BringBack;
import org.reelway.transfer.flow.AbortQueue;

/** {@code GET /backup}, {@code POST /backup/bring-back}, and what the clock starts of the backup. */
public final class BackupApi {
  private static final int MOST = 1000;

  private final BackupCopies copies;
  private final Optional<BringBack> bringBack;
  private final Optional<AbortQueue> aborts;
  private final Clock clock;

  BackupApi(BackupCopies copies, Optional<BringBack> bringBack, Optional<AbortQueue> aborts, Clock clock) {
    this.copies = copies;
    this.bringBack = bringBack;
    this.aborts = aborts;
    this.clock = clock;
  }

  /** Counts, and the recordings that wait, oldest first, at most 1000. */
  public void list(Exchange exchange) {
    ApiAnswer.give(exchange, 200, this::waiting);
  }

  private Map<String, Object> waiting() {
    BackupCopies.Waiting waiting = copies.waiting();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("on", bringBack.isPresent());
    answer.put("recordings", waiting.recordings());
    answer.put("bytes", waiting.bytes());
    answer.put("problems", waiting.problems());
    if (waiting.oldest() != null) {
      answer.put("oldestSeconds", Duration.between(waiting.oldest(), clock.instant()).toSeconds());
    }
    answer.put("waiting", copies.waiting(null, MOST).stream().map(BackupApi::row).toList());
    return answer;
  }

  private static Map<String, Object> row(BackupCopies.Copy copy) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", copy.id());
    row.put("size", copy.size());
    row.putAll(places(copy));
    return row;
  }

  /** Both places of a recording that is or was in the backup, as every answer of the API names them. */
  static Map<String, Object> places(BackupCopies.Copy copy) {
    Map<String, Object> places = new LinkedHashMap<>();
    places.put("state", copy.returned() == null ? "waiting" : "brought-back");
    places.put("since", copy.since());
    places.put("in", place(copy.store(), copy.bucket(), copy.key()));
    if (copy.returned() == null) {
      places.put("belongs", place(copy.homeStore(), copy.homeBucket(), copy.homeKey()));
      if (copy.problem() != null) {
        places.put("problem", copy.problem());
      }
    } else {
      places.put("belongs", place(copy.homeStore(), copy.homeBucket(), copy.returned().key()));
      places.put("broughtBackAt", copy.returned().at());
    }
    return places;
  }

  private static Map<String, Object> place(String store, String bucket, String key) {
    Map<String, Object> place = new LinkedHashMap<>();
    place.put("store", store);
    place.put("bucket", bucket);
    place.put("key", key);
    return place;
  }

  /** The next round begins within seconds. */
  public void soon(Exchange exchange) {
    ApiAnswer.give(
        exchange,
        202,
        () -> {
          bringBack
              .orElseThrow(() -> new InputFailure("there is no backup; set reelway.backup.bucket"))
              .soon();
          return waiting();
        });
  }

  /** Body: those that are back by this round, mostly none. */
  public void work(Exchange exchange) {
    aborts.ifPresent(AbortQueue::work);
    exchange.getMessage().setBody(bringBack.map(BringBack::work).orElse(List.of()));
  }
}
