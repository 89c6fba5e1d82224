package org.reelway.camel.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.reelway.state.WorkflowStreamRow;
import org.reelway.state.WorkflowStreamRow.Wanted;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.StreamView;

/**
 * A stream as the AWS live-streaming module tells of one, member by member; state and trouble are Reelway's own. Times are
 * texts of seconds since 1970; {@code rtmpIvs}, {@code ivsViewerEndpoint} and {@code ecsAsgCount} never meant anything.
 *
 * @param archivesPath by session id
 * @param cloudfrontAssociated whether it is on the public live address
 * @param trouble what it waits for, or fails with; null where it is fine
 */
@JsonNaming(SnakeCaseStrategy.class)
public record StreamRecord(
    String id, String name, String description, long segmentLength, String rtmp1, String rtmp2, String rtmpIvs,
    String ivsViewerEndpoint, int ecsAsgCount, String viewerEndpoint, String viewerEndpointCloudfront, String lastUpdate,
    String lastStarted, String lastStopped, boolean started, String currentSessionId, Map<String, String> archivesPath,
    String liveChannelId, String liveInputId, String packageChannelId, String packageEndpointId, List<String> ssmPaths,
    boolean cloudfrontAssociated, long keyRotationInterval, long startoverWindowSeconds, String state, String trouble) {

  static StreamRecord of(StreamView view) {
    WorkflowStreamRow row = view.row();
    StreamFacts facts = view.facts();
    return new StreamRecord(
        row.id(), row.name(), row.description(), row.segmentLength(), fact(facts, StreamFacts.RTMP1),
        fact(facts, StreamFacts.RTMP2), "", "", 0, fact(facts, StreamFacts.VIEWER), fact(facts, StreamFacts.PUBLIC_VIEWER),
        seconds(row.updatedAt()), seconds(row.startedAt()), seconds(row.stoppedAt()), row.wanted() == Wanted.STARTED,
        row.sessionId(), view.archives(), fact(facts, StreamFacts.LIVE_CHANNEL), fact(facts, StreamFacts.LIVE_INPUT),
        fact(facts, StreamFacts.PACKAGE_CHANNEL), fact(facts, StreamFacts.PACKAGE_ENDPOINT),
        facts.get(StreamFacts.SSM_PATHS).map(paths -> Arrays.asList(paths.split(","))).orElse(List.of()),
        facts.get(StreamFacts.IS_PUBLIC).map(Boolean::parseBoolean).orElse(false), row.keyRotation(), row.startoverWindow(),
        view.state().word(), view.trouble().orElse(null));
  }

  /** The addresses of publishers without what lets them in. */
  StreamRecord withoutKeys() {
    return new StreamRecord(
        id, name, description, segmentLength, withoutKey(rtmp1), withoutKey(rtmp2), rtmpIvs, ivsViewerEndpoint, ecsAsgCount,
        viewerEndpoint, viewerEndpointCloudfront, lastUpdate, lastStarted, lastStopped, started, currentSessionId, archivesPath,
        liveChannelId, liveInputId, packageChannelId, packageEndpointId, ssmPaths, cloudfrontAssociated, keyRotationInterval,
        startoverWindowSeconds, state, trouble);
  }

  private static String withoutKey(String address) {
    if (address == null) {
      return null;
    }
    String path = address.replaceFirst("[?#].*", "");
    return path.substring(0, path.lastIndexOf('/') + 1) + "***";
  }

  private static String fact(StreamFacts facts, String name) {
    return facts.get(name).orElse(null);
  }

  private static String seconds(Instant time) {
    return time == null ? null : Long.toString(time.getEpochSecond());
  }
}
