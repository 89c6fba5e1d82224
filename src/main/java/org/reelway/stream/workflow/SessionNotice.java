package org.reelway.stream.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reelway.failure.InputFailure;
import org.reelway.state.WorkflowNoticeRow;
import org.reelway.state.WorkflowSessionRow;

/** What is told of streams: made when it happens, for the stream may be another or gone when a route takes it. */
public final class SessionNotice {
  public static final String OPENED = "session-opened";
  public static final String CLOSED = "session-closed";
  public static final String SPLIT = "split";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SessionNotice() {}

  static WorkflowNoticeRow opened(KnownStream stream, WorkflowSessionRow session, Instant now) {
    Map<String, Object> data = about(stream.id(), stream.row().name(), KnownStream.session(session));
    addViewers(data, stream);
    return notice("opened " + session.id(), OPENED, stream.id(), data, now);
  }

  static WorkflowNoticeRow closed(KnownStream stream, WorkflowSessionRow session, Instant now) {
    Map<String, Object> data = about(stream.id(), stream.row().name(), KnownStream.session(session));
    data.put("stopped_at", text(session.stoppedAt()));
    addViewers(data, stream);
    return notice("closed " + session.id(), CLOSED, stream.id(), data, now);
  }

  static WorkflowNoticeRow split(SplitDone done, Instant now) {
    Map<String, Object> data = about(done.streamId(), done.streamName(), done.session());
    data.put("name_modifier", done.modifier());
    data.put("indexes", done.indexes());
    data.put("files", done.files());
    data.put("problems", done.problems());
    return notice("split " + done.id(), SPLIT, done.streamId(), data, now);
  }

  private static Map<String, Object> about(String id, String name, Session session) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", id);
    data.put("name", name);
    data.put("session_id", session.id());
    data.put("archive", session.archive());
    data.put("started_at", text(session.startedAt()));
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
