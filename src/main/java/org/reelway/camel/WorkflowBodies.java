package org.reelway.camel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.BadRequest;
import org.reelway.stream.workflow.NewStream;
import org.reelway.stream.workflow.SplitOrder;
import org.reelway.stream.workflow.archive.Section;

/** What calls below {@code /streams} take. A member that is not known is refused, with the one that may be meant. */
public final class WorkflowBodies {
  static final String NAME = "name";
  static final String DESCRIPTION = "description";
  static final String SEGMENT_LENGTH = "segment_length";
  private static final String STARTOVER = "startover_window_seconds";
  private static final String ROTATION = "key_rotation_interval";
  private static final String PATH = "path";
  private static final String SECTIONS = "timestamp_list";
  private static final String SESSION = "session_id";
  private static final String MODIFIER = "name_modifier";
  private static final String FORMAT = "format";
  private static final String EXACT = "exact";

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_DESCRIPTION = 2000;
  private static final int LONGEST_PATH = 1000;
  private static final int LONGEST_ID = 64;
  private static final long DAY = 86_400;
  /** As MediaPackage has it. */
  private static final long LONGEST_WINDOW = 14 * DAY;
  private static final int MOST_SECTIONS = 1000;
  private static final BigDecimal LATEST = BigDecimal.valueOf(100 * 365 * DAY);

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

  /** @param description empty is allowed; @param segmentLength seconds of an archive's segments */
  @JsonNaming(SnakeCaseStrategy.class)
  public record CreateStream(
      String name, String description, Long segmentLength, Long startoverWindowSeconds, Long keyRotationInterval) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static CreateStream of(Map<String, Object> body) {
      BodyMembers members = new BodyMembers(body, List.of(NAME, DESCRIPTION, SEGMENT_LENGTH, STARTOVER, ROTATION));
      return new CreateStream(
          WorkflowBodies.name(members), WorkflowBodies.description(members).orElseThrow(() -> BodyMembers.missing(DESCRIPTION)),
          WorkflowBodies.segmentLength(members).orElse(NewStream.SEGMENT_LENGTH),
          members.number(STARTOVER, 0, LONGEST_WINDOW).orElse(NewStream.STARTOVER_WINDOW),
          members.number(ROTATION, 1, DAY).orElse(NewStream.KEY_ROTATION));
    }

    NewStream order() {
      return new NewStream(name, description, segmentLength, startoverWindowSeconds, keyRotationInterval);
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

  /** Seconds from the archive's beginning; the end is not included. */
  public record Stamps(double start, double end) {}

  /**
   * @param nameModifier part of the names of what is made; one of our own where there is none
   * @param format hls for playlists alone, mp4 for files too
   * @param exact whether files begin and end at the very pictures
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record SplitStream(
      List<Stamps> timestampList, String sessionId, String nameModifier, String format, boolean exact) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static SplitStream of(Map<String, Object> body) {
      BodyMembers members = new BodyMembers(body, List.of(SECTIONS, SESSION, MODIFIER, FORMAT, EXACT));
      List<Stamps> stamps = stamps(members);
      String modifier = members.text(MODIFIER, LONGEST_ID).orElse(null);
      if (modifier != null && !modifier.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
        throw new BadRequest("\"name_modifier\" is " + BodyMembers.shown(modifier) + "; letters, digits, \"_\", \"-\" and \".\" are allowed");
      }
      String format = members.text(FORMAT, LONGEST_ID).orElse("hls");
      if (!List.of("hls", "mp4").contains(format)) {
        throw new BadRequest("\"format\" is " + BodyMembers.shown(format) + "; allowed are hls, mp4");
      }
      boolean exact = members.flag(EXACT);
      if (exact && format.equals("hls")) {
        throw new BadRequest("\"exact\" is true, and no files are wanted; set \"format\" to mp4");
      }
      return new SplitStream(stamps, members.required(SESSION, LONGEST_ID), modifier, format, exact);
    }

    private static List<Stamps> stamps(BodyMembers members) {
      List<Stamps> all = new ArrayList<>();
      for (Map<?, ?> entry : members.objects(SECTIONS, MOST_SECTIONS)) {
        String where = "\"timestamp_list\"[" + all.size() + "]";
        if (!Arrays.asList("start", "end").containsAll(entry.keySet()) || entry.size() != 2) {
          throw new BadRequest(where + " is " + BodyMembers.shown(entry.keySet()) + "; it is an object of \"start\" and \"end\"");
        }
        BigDecimal start = BodyMembers.number(where + ".start", entry.get("start"));
        BigDecimal end = BodyMembers.number(where + ".end", entry.get("end"));
        if (start.signum() < 0) {
          throw new BadRequest(where + ".start is " + start + "; an archive begins at 0");
        }
        if (end.compareTo(start) <= 0 || end.compareTo(LATEST) > 0) {
          throw new BadRequest(where + " is from " + start + " to " + end + "; end comes after start");
        }
        all.add(new Stamps(start.doubleValue(), end.doubleValue()));
      }
      return all;
    }

    List<Section> sections() {
      return timestampList.stream().map(stamps -> new Section(stamps.start(), stamps.end())).toList();
    }

    SplitOrder.Format made() {
      return format.equals("hls") ? SplitOrder.Format.HLS : exact ? SplitOrder.Format.EXACT_MP4 : SplitOrder.Format.MP4;
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
