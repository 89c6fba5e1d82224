package org.reelway.stream.workflow.aws;

import java.util.List;
import java.util.Optional;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream;
import org.reelway.stream.workflow.aws.Templates.PackageTarget;
import software.amazon.awssdk.services.mediapackage.MediaPackageClient;
import software.amazon.awssdk.services.mediapackage.model.AdMarkers;
import software.amazon.awssdk.services.mediapackage.model.DescribeOriginEndpointResponse;
import software.amazon.awssdk.services.mediapackage.model.HlsIngest;
import software.amazon.awssdk.services.mediapackage.model.HlsPackage;
import software.amazon.awssdk.services.mediapackage.model.IngestEndpoint;
import software.amazon.awssdk.services.mediapackage.model.PlaylistType;
import software.amazon.awssdk.services.mediapackage.model.StreamOrder;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/**
 * A stream's MediaPackage channel and HLS endpoint, both under the stream's id, and the passwords of its two ingests in SSM.
 * Viewers get 6 second segments, a playlist of 60 seconds that keeps growing, and the start-over window.
 */
final class Packaging {
  private static final int SEGMENT = 6;
  private static final int WINDOW = 60;
  private static final String PARAMETERS = "/Medialive_api/";
  /** Seconds, as the endpoint has it. */
  private static final String STARTOVER = "startover_window_set";

  private final MediaPackageClient packages;
  private final SsmClient parameters;

  Packaging(AwsClients clients) {
    this.packages = clients.packages;
    this.parameters = clients.parameters;
  }

  /** Makes what is missing. @return where the stream's channel sends to */
  List<PackageTarget> make(WantedStream stream, StreamFacts facts) {
    List<IngestEndpoint> ingests = channel(stream);
    facts.set(StreamFacts.PACKAGE_CHANNEL, stream.id());
    endpoint(stream, facts);
    List<PackageTarget> targets =
        ingests.stream().map(one -> new PackageTarget(one.url(), one.username(), PARAMETERS + one.username())).toList();
    // Known before they are there, so that a delete finds them.
    facts.set(StreamFacts.SSM_PATHS, String.join(",", targets.stream().map(PackageTarget::passwordParameter).toList()));
    for (int i = 0; i < targets.size(); i++) {
      String name = targets.get(i).passwordParameter();
      String password = ingests.get(i).password();
      parameters.putParameter(put -> put.name(name).value(password).type(ParameterType.SECURE_STRING).overwrite(true));
    }
    return targets;
  }

  private List<IngestEndpoint> channel(WantedStream stream) {
    return describedChannel(stream).orElseGet(() -> {
      try {
        return ingests(
            packages.createChannel(create -> create.id(stream.id()).description(stream.name()).tags(Tag.of(stream.id())))
                .hlsIngest());
      } catch (InputFailure refused) {
        // Made by a call whose answer never came?
        return describedChannel(stream).orElseThrow(() -> refused);
      }
    });
  }

  private Optional<List<IngestEndpoint>> describedChannel(WantedStream stream) {
    return Found.of(() -> packages.describeChannel(ask -> ask.id(stream.id()))).map(there -> {
      requireOurs(stream, Tag.is(stream.id(), there.tags()), "channel");
      return ingests(there.hlsIngest());
    });
  }

  private static List<IngestEndpoint> ingests(HlsIngest ingest) {
    if (ingest == null || ingest.ingestEndpoints().isEmpty()) {
      throw new DestinationFailure("MediaPackage has made a channel that has no ingests yet; it is asked again");
    }
    return ingest.ingestEndpoints();
  }

  private static void requireOurs(WantedStream stream, boolean isOurs, String what) {
    if (!isOurs) {
      throw new InputFailure(
          "there is a MediaPackage " + what + " " + stream.id() + " without the tag " + Tag.NAME + "=" + stream.id()
              + ", so that it is not Reelway's; delete the stream and create another, or give it that tag");
    }
  }

  private void endpoint(WantedStream stream, StreamFacts facts) {
    String url = describedEndpoint(stream).orElseGet(() -> {
      try {
        return packages.createOriginEndpoint(
            create -> create.id(stream.id()).channelId(stream.id()).description(stream.name()).manifestName("index")
                .startoverWindowSeconds(startover(stream)).hlsPackage(hls()).tags(Tag.of(stream.id()))).url();
      } catch (InputFailure refused) {
        return describedEndpoint(stream).orElseThrow(() -> refused);
      }
    });
    facts.set(StreamFacts.PACKAGE_ENDPOINT, stream.id());
    facts.set(StreamFacts.VIEWER, url);
  }

  private Optional<String> describedEndpoint(WantedStream stream) {
    return Found.of(() -> packages.describeOriginEndpoint(ask -> ask.id(stream.id()))).map(there -> {
      requireOurs(stream, Tag.is(stream.id(), there.tags()), "endpoint");
      return there.url();
    });
  }

  private static HlsPackage hls() {
    return HlsPackage.builder().segmentDurationSeconds(SEGMENT).playlistWindowSeconds(WINDOW).playlistType(PlaylistType.EVENT)
        .adMarkers(AdMarkers.SCTE35_ENHANCED).includeIframeOnlyStream(true).useAudioRenditionGroup(false)
        .streamSelection(select -> select.streamOrder(StreamOrder.ORIGINAL)).build();
  }

  private static int startover(WantedStream stream) {
    return (int) stream.startoverWindow().toSeconds();
  }

  /**
   * The start-over window as the session wants it, and how long one key encrypts where somebody has given the endpoint a key
   * server. All else of the endpoint stays as it is.
   */
  void adjust(WantedStream stream, StreamFacts facts) {
    String wanted = startover(stream) + "," + stream.keyRotation().toSeconds();
    if (facts.get(STARTOVER).equals(Optional.of(wanted))) {
      return;
    }
    DescribeOriginEndpointResponse now = packages.describeOriginEndpoint(ask -> ask.id(stream.id()));
    packages.updateOriginEndpoint(
        update -> update.id(stream.id()).description(now.description()).manifestName(now.manifestName())
            .startoverWindowSeconds(startover(stream)).hlsPackage(rotating(now.hlsPackage(), stream))
            .origination(now.origination()).timeDelaySeconds(now.timeDelaySeconds())
            .whitelist(now.hasWhitelist() ? now.whitelist() : null).authorization(now.authorization()));
    facts.set(STARTOVER, wanted);
  }

  private static HlsPackage rotating(HlsPackage hls, WantedStream stream) {
    if (hls == null || hls.encryption() == null) {
      return hls;
    }
    int every = (int) stream.keyRotation().toSeconds();
    return hls.copy(copy -> copy.encryption(hls.encryption().copy(keys -> keys.keyRotationIntervalSeconds(every))));
  }

  /** Only what carries the stream's tag. */
  void delete(WantedStream stream, StreamFacts facts) {
    facts.get(StreamFacts.SSM_PATHS)
        .ifPresent(names -> parameters.deleteParameters(delete -> delete.names(names.split(","))));
    facts.remove(StreamFacts.SSM_PATHS);
    Found.of(() -> packages.describeOriginEndpoint(ask -> ask.id(stream.id())))
        .filter(there -> Tag.is(stream.id(), there.tags()))
        .ifPresent(there -> Found.of(() -> packages.deleteOriginEndpoint(delete -> delete.id(there.id()))));
    facts.remove(StreamFacts.PACKAGE_ENDPOINT);
    facts.remove(StreamFacts.VIEWER);
    facts.remove(STARTOVER);
    Found.of(() -> packages.describeChannel(ask -> ask.id(stream.id())))
        .filter(there -> Tag.is(stream.id(), there.tags()))
        .ifPresent(there -> Found.of(() -> packages.deleteChannel(delete -> delete.id(there.id()))));
    facts.remove(StreamFacts.PACKAGE_CHANNEL);
  }
}
