package org.reelway.stream.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.state.WorkflowNoticeRow;
import org.reelway.state.WorkflowSessionRow;
import org.reelway.stream.workflow.archive.SplitDone;
import org.reelway.stream.workflow.archive.SplitRequest;

/** What is told of streams: made when it happens, for the stream may be another or gone when a route takes it. */
public final class SessionNotice {
  public static final String OPENED = "session-opened";
  public static final String CLOSED = "session-closed";
  public static final String SPLIT = "split";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SessionNotice() {}

  static WorkflowNoticeRow opened(KnownStream stream, WorkflowSessionRow session, Instant now) {
    Map<String, Object> data = about(stream, session);
    addViewers(data, stream);
    return notice("opened " + session.id(), OPENED, stream.id(), data, now);
  }

  static WorkflowNoticeRow closed(KnownStream stream, WorkflowSessionRow session, Instant now) {
    Map<String, Object> data = about(stream, session);
    data.put("stopped_at", text(session.stoppedAt()));
    addViewers(data, stream);
    return notice("closed " + session.id(), CLOSED, stream.id(), data, now);
  }

  /** @param name of the stream; null where it is gone */
  static WorkflowNoticeRow split(SplitDone done, String name, Optional<WorkflowSessionRow> session, Instant now) {
    Map<String, Object> data = about(done.stream(), name, done.session(), session);
    data.put("format", done.format().word());
    data.put(done.format() == SplitRequest.Format.M3U8 ? "indexes" : "files",
        done.sections().stream().map(SplitDone.Made::name).filter(made -> !made.isEmpty()).toList());
    data.put("sections", done.sections().stream().map(SessionNotice::section).toList());
    return notice("split " + done.id(), SPLIT, done.stream(), data, now);
  }

  private static Map<String, Object> section(SplitDone.Made made) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("start", made.section().start());
    section.put("end", made.section().end());
    section.put("name", made.name().isEmpty() ? null : made.name());
    section.put("how", made.how().isEmpty() ? null : made.how());
    section.put("trouble", made.trouble().isEmpty() ? null : made.trouble());
    return section;
  }

  private static Map<String, Object> about(KnownStream stream, WorkflowSessionRow session) {
    return about(stream.id(), stream.row().name(), session.id(), Optional.of(session));
  }

  private static Map<String, Object> about(String id, String name, String session, Optional<WorkflowSessionRow> row) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", id);
    data.put("name", name);
    data.put("session_id", session);
    data.put("archive", row.map(WorkflowSessionRow::archive).orElse(null));
    data.put("started_at", row.map(known -> text(known.startedAt())).orElse(null));
    return data;
  }

  private static void addViewers(Map<String, Object> data, KnownStream stream) {
    data.put(StreamFacts.VIEWER, stream.get(StreamFacts.VIEWER).orElse(null));
    data.put(StreamFacts.PUBLIC_VIEWER, stream.get(StreamFacts.PUBLIC_VIEWER).orElse(null));
    data.put(StreamFacts.IS_PUBLIC, stream.get(StreamFacts.IS_PUBLIC).map(Boolean::parseBoolean).orElse(false));
  }

  private static String text(Instant time) {
    return time == null ? null : time.toString();
  }

  private static WorkflowNoticeRow notice(String id, String kind, String stream, Map<String, Object> data, Instant now) {
    try {
      return new WorkflowNoticeRow(id, kind, stream, JSON.writeValueAsString(data), now);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Members in the order in which they are told. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> data(WorkflowNoticeRow notice) {
    try {
      return JSON.readValue(notice.content(), LinkedHashMap.class);
    } catch (JsonProcessingException e) {
      throw new InputFailure("the notice " + notice.id() + " in the state cannot be read: " + e.getOriginalMessage(), e);
    }
  }
}
