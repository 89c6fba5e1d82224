package org.reelway.camel.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.camel.http.ApiJson;
import org.reelway.failure.BadRequest;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import org.reelway.stream.workflow.NewStream;
import org.reelway.stream.workflow.archive.SplitRequest;

/** What calls below {@code /streams} take. A member that is not known is refused, with the one that may be meant. */
public final class WorkflowBodies {
  static final String NAME = "name";
  static final String DESCRIPTION = "description";
  static final String SEGMENT_LENGTH = "segment_length";
  private static final String STARTOVER = "startover_window_seconds";
  private static final String ROTATION = "key_rotation_interval";
  private static final String PATH = "path";
  private static final String ARCHIVES = "archives_path";
  private static final int MOST_ARCHIVES = 1000;
  private static final String SECTIONS = "timestamp_list";
  private static final String SESSION = "session_id";
  private static final String MODIFIER = "name_modifier";
  private static final String FORMAT = "format";
  private static final String EXACT = "exact";

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_DESCRIPTION = 2000;
  private static final int LONGEST_PATH = 1000;
  private static final long DAY = 86_400;
  /** As MediaPackage has it. */
  private static final long LONGEST_WINDOW = 14 * DAY;

  private static final JsonMapper JSON = ApiJson.mapper();

  private WorkflowBodies() {}

  static String name(BodyMembers members) {
    String name = members.required(NAME, LONGEST_NAME);
    if (name.isBlank() || name.chars().anyMatch(c -> c < ' ')) {
      throw new BadRequest("\"name\" is " + BodyMembers.shown(name) + "; it is a text of one line that is not empty");
    }
    return name;
  }

  static Optional<String> description(BodyMembers members) {
    return members.text(DESCRIPTION, LONGEST_DESCRIPTION);
  }

  static Optional<Long> segmentLength(BodyMembers members) {
    return members.number(SEGMENT_LENGTH, 1, DAY);
  }

  /**
   * @param description empty is allowed
   * @param segmentLength seconds of an archive's segments
   * @param archivesPath archives that are there already, by session: they can be split
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record CreateStream(
      String name, String description, Long segmentLength, Long startoverWindowSeconds, Long keyRotationInterval,
      Map<String, String> archivesPath) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static CreateStream of(Map<String, Object> body) {
      BodyMembers members = new BodyMembers(body, List.of(NAME, DESCRIPTION, SEGMENT_LENGTH, STARTOVER, ROTATION, ARCHIVES));
      return new CreateStream(
          WorkflowBodies.name(members), WorkflowBodies.description(members).orElseThrow(() -> BodyMembers.missing(DESCRIPTION)),
          WorkflowBodies.segmentLength(members).orElse(NewStream.SEGMENT_LENGTH),
          members.number(STARTOVER, 0, LONGEST_WINDOW).orElse(NewStream.STARTOVER_WINDOW),
          members.number(ROTATION, 1, DAY).orElse(NewStream.KEY_ROTATION), members.texts(ARCHIVES, MOST_ARCHIVES, LONGEST_PATH));
    }

    NewStream order() {
      return new NewStream(
          name, description, segmentLength, startoverWindowSeconds, keyRotationInterval, archivesPath);
    }
  }

  /**
   * @param path of the archive, {@code s3://bucket/prefix/}
   * @param startoverWindowSeconds how far back viewers may go; null for as before
   * @param keyRotationInterval seconds that one key encrypts; null for as before
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record StartStream(String path, Long startoverWindowSeconds, Long keyRotationInterval) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static StartStream of(Map<String, Object> body) {
      BodyMembers members = new BodyMembers(body, List.of(PATH, STARTOVER, ROTATION));
      return new StartStream(
          members.text(PATH, LONGEST_PATH).orElse(null), members.number(STARTOVER, 0, LONGEST_WINDOW).orElse(null),
          members.number(ROTATION, 1, DAY).orElse(null));
    }
  }

  /** See {@link SplitRequest}. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record SplitStream(
      List<SplitRequest.Stamps> timestampList, String sessionId, String nameModifier, String format, Boolean exact) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static SplitStream of(Map<String, Object> body) {
      BodyMembers members = new BodyMembers(body, List.of(SECTIONS, SESSION, MODIFIER, FORMAT, EXACT));
      members.objects(SECTIONS, List.of("start", "end"));
      members.flag(EXACT);
      try {
        SplitRequest request = JSON.convertValue(body, SplitRequest.class);
        request.session();
        request.wanted();
        request.modifier();
        request.sections();
        return new SplitStream(
            request.timestampList(), request.sessionId(), request.nameModifier(), request.format(), request.exact());
      } catch (InputFailure e) {
        throw new BadRequest(e.getMessage());
      } catch (IllegalArgumentException e) {
        throw new BadRequest(Failure.in(e).map(Throwable::getMessage).orElse("a member is not what it may be"));
      }
    }

    SplitRequest request() {
      return new SplitRequest(timestampList, sessionId, nameModifier, format, exact);
    }
  }

  /** Some members of a record, or a whole one: those beside these three have to be as they are. */
  @JsonNaming(SnakeCaseStrategy.class)
  public static final class ChangeStream {
    private final Map<String, Object> members;

    private ChangeStream(Map<String, Object> members) {
      this.members = members;
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static ChangeStream of(Map<String, Object> body) {
      return new ChangeStream(body);
    }

    Map<String, Object> members() {
      return members;
    }

    public String getName() {
      return (String) members.get(NAME);
    }

    public String getDescription() {
      return (String) members.get(DESCRIPTION);
    }

    public Long getSegmentLength() {
      return (Long) members.get(SEGMENT_LENGTH);
    }
  }
}
