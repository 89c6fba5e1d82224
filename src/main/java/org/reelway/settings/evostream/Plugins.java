package org.reelway.settings.evostream;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The plugins of the EvoStream web services (node, 2016 and 2017), and what takes their place. */
final class Plugins {
  /** The others, which are known by name, and what to do instead. */
  static final Map<String, String> NOT_TAKEN =
      Map.of(
          "TranscodeResetter", "Reelway does not drive EMS's transcoder, and begins its own relays and recorders anew when"
              + " they stall",
          "AzureStreamManager", "Reelway does not manage EMS instances in Azure");

  private static final String BUCKET = "The same. One bucket and one pair of keys for all that Reelway sends.";

  private Plugins() {}

  static List<Plugin> all() {
    return List.of(
        router(), recorder(), balancer(), amazon("AmazonHLSUpload", "HLS"), hds(), amazon("AmazonDASHUpload", "DASH"));
  }

  static Optional<Plugin> named(String name) {
    return all().stream().filter(plugin -> plugin.name().equals(name)).findFirst();
  }

  static List<String> names() {
    return Stream.concat(all().stream().map(Plugin::name), NOT_TAKEN.keySet().stream()).toList();
  }

  private static Plugin router() {
    return new Plugin(
        "StreamAutoRouter",
        "Sends streams on ([relays.md](relays.md)): only while they are on, to as many destinations as you like, begun anew"
            + " after failures, and never in a circle.",
        List.of(
            new Parameter("token", Form.TEXT, List.of("reelway.routing.streams"),
                "The same: a word that the stream's name contains, case counts, empty or missing means all."),
            new Parameter("token_name", Form.TEXT, List.of("reelway.routing.streams"), "Another name of `token`."),
            new Parameter("destination_uri", Form.TEXTS, List.of("reelway.routing.destinations"),
                "`host` and `host:port` become `rtmp://host/live/{stream}`; a URI stays, with `/live` and `/{stream}` where"
                    + " it has none. An array of several is taken too.")),
        new RouterSteps());
  }

  private static Plugin recorder() {
    return new Plugin(
        "StreamRecorder",
        "Records every stream (`reelway.recorder.every-stream`, [recorder.md](recorder.md)) and sends what is finished to the"
            + " store, which the plugin did not. Files are called as `reelway.recorder.name` says, not"
            + " `<stream>_part0001.mp4`.",
        List.of(
            new Parameter("file_location", Form.TEXT,
                List.of("reelway.recorder.folder", "reelway.recordings.folder"),
                "The same, an absolute path. It is a recordings folder as well unless you set that yourself: what lies"
                    + " there already is sent too."),
            new Parameter("period_time", Form.NUMBER, List.of("reelway.recorder.rotation"),
                "The same: seconds, 1 to 86399. Cut at a picture that needs none before it.")),
        new RecorderSteps());
  }

  private static Plugin balancer() {
    return new Plugin(
        "StreamLoadBalancer",
        "Makes a group in which each EMS has the streams of all ([relays.md](relays.md)). `reelway.routing.address` is"
            + " needed: the plugin took EMS's own side of the publisher's connection for it, which was 127.0.0.1 for"
            + " publishers on the same machine. The same file may lie on every EMS.",
        List.of(
            new Parameter("destination_uri", Form.TEXTS, List.of("reelway.routing.members"),
                "The other EMS, which are told by their APIs on port 7777 to pull: `ems+http://host:7777`."),
            new Parameter("destination_ems_apiproxies", Form.OBJECTS, List.of("reelway.routing.members"),
                "The other EMS: by the proxy of EMS's web server (`enable` true), or by the API on port 7777.")),
        new BalancerSteps());
  }

  private static Plugin amazon(String name, String format) {
    return new Plugin(
        name,
        "Publishes what is in the live folder ([live.md](live.md)), " + format + " and other formats alike. The folder is not"
            + " in this file: set `reelway.live.folder` to the one above EMS's groups; then keys are the same,"
            + " `group/stream/chunk`. Objects are public-read (`reelway.store.acl`); where recordings go to the bucket too,"
            + " that has to be said in so many words.",
        store(), new AmazonSteps());
  }

  private static Plugin hds() {
    Plugin like = amazon("AmazonHDSUpload", "HDS");
    Parameter bootstrap =
        new Parameter("bootstrap", Form.TEXT, List.of("reelway.live.hds-bootstrap"), "The same; `bootstrap` where it is"
            + " missing.");
    return new Plugin(
        like.name(), like.does(), Stream.concat(store().stream(), Stream.of(bootstrap)).toList(), like.step());
  }

  private static List<Parameter> store() {
    return List.of(
        new Parameter("aws_access_key", Form.TEXT, List.of("reelway.store.access-key"),
            "The same. Left out where you set a profile."),
        new Parameter("aws_secret_key", Form.TEXT, List.of("reelway.store.secret-key"),
            "The same, shown nowhere. Better given as `REELWAY_STORE_SECRET_KEY`, with the file's left empty."),
        new Parameter("default_bucket", Form.TEXT, List.of("reelway.store.bucket"), BUCKET));
  }
}
