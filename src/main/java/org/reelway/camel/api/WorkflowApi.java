package org.reelway.camel.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.ext.auth.User;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.Header;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.reelway.camel.http.ApiJson;
import org.reelway.camel.http.HttpGuard;
import org.reelway.failure.BadRequest;
import org.reelway.settings.access.Role;
import org.reelway.stream.workflow.LiveWorkflow;
import org.reelway.stream.workflow.StreamDriver.RunningCost;
import org.reelway.stream.workflow.StreamView;
import org.reelway.stream.workflow.archive.SplitAnswer;
import org.reelway.stream.workflow.archive.SplitWork;

/** The calls below {@code /streams}, but for {@code /streams/registry}: as the AWS live-streaming module has them. */
public final class WorkflowApi {
  private static final JsonMapper JSON = ApiJson.mapper();
  private static final int MOST_AT_ONCE = 1000;
  private static final String ASKING = VertxPlatformHttpConstants.AUTHENTICATED_USER;
  /** Change by themselves between two calls. */
  private static final Set<String> PASSING = Set.of("last_update", "state", "trouble");
  private static final Set<String> CHANGEABLE =
      Set.of(WorkflowBodies.NAME, WorkflowBodies.DESCRIPTION, WorkflowBodies.SEGMENT_LENGTH);
  private static final List<String> MEMBERS = members();

  private final LiveWorkflow workflow;
  private final Consumer<String> requireHere;

  /** @param requireHere given the id of a stream that is asked for, throws where it is another node's */
  public WorkflowApi(LiveWorkflow workflow, Consumer<String> requireHere) {
    this.workflow = workflow;
    this.requireHere = requireHere;
  }

  private String here(String id) {
    requireHere.accept(id);
    return id;
  }

  /** @param stream its id; null where it belongs to none @param wanted false for what is left running */
  public record Cost(String stream, String what, boolean wanted) {
    static Cost of(RunningCost it) {
      return new Cost(it.stream().isEmpty() ? null : it.stream(), it.what(), it.isWanted());
    }
  }

  /** @param cost true for what runs, in place of the streams */
  public List<?> list(
      @Header("limit") String limit, @Header("after") String after, @Header("cost") String cost, @Header(ASKING) User asking) {
    if (!List.of("true", "false").contains(cost)) {
      throw new BadRequest("cost is " + BodyMembers.shown(cost) + "; allowed are true, false");
    }
    if (cost.equals("true")) {
      return workflow.costs().stream().map(Cost::of).toList();
    }
    if (!limit.matches("[1-9][0-9]{0,3}") || Integer.parseInt(limit) > MOST_AT_ONCE) {
      throw new BadRequest("limit is " + BodyMembers.shown(limit) + "; allowed are 1 to " + MOST_AT_ONCE);
    }
    return workflow.list(after == null ? "" : after, Integer.parseInt(limit)).stream().map(view -> shown(view, asking)).toList();
  }

  public StreamRecord create(WorkflowBodies.CreateStream body) {
    return StreamRecord.of(workflow.create(body.order()));
  }

  public StreamRecord one(@Header("id") String id, @Header(ASKING) User asking) {
    return shown(workflow.one(here(id)), asking);
  }

  /** Who knows a stream's key can publish, which is more than to look. */
  private static StreamRecord shown(StreamView view, User asking) {
    StreamRecord whole = StreamRecord.of(view);
    return HttpGuard.account(asking).role() == Role.OPERATE ? whole : whole.withoutKeys();
  }

  public StreamRecord change(@Header("id") String id, WorkflowBodies.ChangeStream body) {
    BodyMembers members = new BodyMembers(body.members(), MEMBERS);
    requireTheSame(JSON.valueToTree(StreamRecord.of(workflow.one(here(id)))), members);
    Optional<String> name =
        members.all().containsKey(WorkflowBodies.NAME) ? Optional.of(WorkflowBodies.name(members)) : Optional.empty();
    return StreamRecord.of(
        workflow.describe(here(id), name, WorkflowBodies.description(members), WorkflowBodies.segmentLength(members)));
  }

  private static void requireTheSame(JsonNode now, BodyMembers sent) {
    sent.all().forEach((name, value) -> {
      if (!CHANGEABLE.contains(name) && !PASSING.contains(name) && !isSame(now.get(name), JSON.valueToTree(value))) {
        throw new BadRequest(
            "\"" + name + "\" is " + BodyMembers.shown(JSON.valueToTree(value)) + ", and cannot be changed: it is "
                + (name.startsWith("rtmp") ? "another" : BodyMembers.shown(now.get(name)))
                + "; name, description and segment_length can be");
      }
    });
  }

  private static boolean isSame(JsonNode one, JsonNode other) {
    Comparator<JsonNode> numbers = (a, b) ->
        a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : a.equals(b) ? 0 : 1;
    return one.equals(numbers, other);
  }

  public StreamRecord delete(@Header("id") String id) {
    return StreamRecord.of(workflow.delete(here(id)));
  }

  public StreamRecord start(@Header("id") String id, WorkflowBodies.StartStream body) {
    return StreamRecord.of(workflow.start(
        here(id), Optional.ofNullable(body.path()), Optional.ofNullable(body.startoverWindowSeconds()),
        Optional.ofNullable(body.keyRotationInterval())));
  }

  public StreamRecord stop(@Header("id") String id) {
    return StreamRecord.of(workflow.stop(here(id)));
  }

  /** Puts it on the public live address. */
  public StreamRecord goLive(@Header("id") String id) {
    return StreamRecord.of(workflow.live(here(id), true));
  }

  public StreamRecord leaveLive(@Header("id") String id) {
    return StreamRecord.of(workflow.live(here(id), false));
  }

  public SplitAnswer split(@Header("id") String id, WorkflowBodies.SplitStream body) {
    return workflow.split(here(id), body.request());
  }

  /** Files that are made of sections, and those that were. */
  public record SplitList(List<SplitWork> splits) {}

  public SplitList splits(@Header("id") String id) {
    return new SplitList(workflow.splits(here(id)));
  }

  /** Of a record, in its order. */
  private static List<String> members() {
    List<String> names = new ArrayList<>();
    JSON.getSerializationConfig().introspect(JSON.constructType(StreamRecord.class)).findProperties()
        .forEach(property -> names.add(property.getName()));
    return names;
  }
}
