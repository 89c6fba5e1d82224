package org.reelway.settings.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.reelway.settings.MessageText;

/** The plugins of the EvoStream web services (node, 2016 and 2017), and what takes their place. */
final class EvoStreamPlugins {
  /** The others, which are known by name, and what to do instead. */
  static final Map<String, String> NOT_TAKEN =
      Map.of(
          "TranscodeResetter", "Reelway does not drive EMS's transcoder, and begins its own relays and recorders anew when"
              + " they stall",
          "AzureStreamManager", "Reelway does not manage EMS instances in Azure");

  static final Set<String> OPTIONAL = Set.of("reelway.routing.streams", "reelway.live.hds-bootstrap");

  private static final String ACL = "reelway.store.acl";
  private static final String ADDRESS = "reelway.routing.address";
  private static final String LIVE = "reelway.live.folder";
  private static final String RECORDINGS = "reelway.recordings.folder";
  private static final String RECORDER = "reelway.recorder.folder";
  private static final List<String> PROFILES = List.of("reelway.store.profile", "reelway.store.profile-file");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]");
  private static final Pattern WITH_PORT = Pattern.compile("(" + HOST + ")(:\\d{1,5})?");
  private static final Pattern RTMP = Pattern.compile("(rtmps?://[^/]+)/?(|[^/?]+/?)");

  static final List<Plugin> ALL =
      List.of(
          router(), recorder(), balancer(), amazon("AmazonHLSUpload", "HLS"), amazon("AmazonHDSUpload", "HDS"),
          amazon("AmazonDASHUpload", "DASH"));

  private EvoStreamPlugins() {}

  /**
   * A plugin.
   *
   * @param does what it does, for the docs: settings that follow from it alone, and what differs
   * @param beside says settings that follow from it whatever its parameters are, after those of all plugins
   */
  record Plugin(String name, String does, List<Counterpart<Parameter>> parameters, Consumer<ImportedSettings> beside) {}

  /**
   * A parameter that is given.
   *
   * @param name with the plugin's, for people
   */
  record Parameter(String name, JsonNode value) {
    boolean isEmpty() {
      return value.isContainerNode() ? value.isEmpty() : value.asText().isBlank();
    }

    /** A text, a number, or those of an array. */
    List<String> texts() {
      return (value.isArray() ? StreamSupport.stream(value.spliterator(), false) : Stream.of(value))
          .filter(each -> each.isTextual() || each.isNumber()).map(JsonNode::asText).filter(text -> !text.isBlank()).toList();
    }
  }

  static Set<String> names() {
    return Stream.concat(ALL.stream().map(Plugin::name), NOT_TAKEN.keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** For the docs. */
  static String tables() {
    return ALL.stream().map(plugin -> "### " + plugin.name() + "\n\n" + plugin.does() + "\n\n"
            + Counterpart.table("parameter", plugin.parameters()))
        .collect(Collectors.joining("\n"));
  }

  private static Counterpart<Parameter> of(String name, List<String> keys, String text, Counterpart.Step<Parameter> step) {
    return new Counterpart<>(List.of(name), keys, text, step);
  }

  private static Counterpart<Parameter> same(String name, String key, String text) {
    return of(name, List.of(key), text, (given, to) -> {
      if (given.value().isTextual()) {
        to.set(key, given.value().asText().strip(), given.name());
      } else {
        to.note(given.name() + " is left out: it is no text");
      }
    });
  }

  private static Plugin router() {
    return new Plugin(
        "StreamAutoRouter",
        "Sends streams on ([relays.md](relays.md)): only while they are on, to as many destinations as you like, begun anew"
            + " after failures, and never in a circle.",
        List.of(
            new Counterpart<>(
                List.of("token", "token_name"), List.of("reelway.routing.streams"),
                "The same: a word that the stream's name contains, case counts, empty or missing means all.",
                (given, to) -> to.set("reelway.routing.streams", filter(given.value().asText()), given.name())),
            of("destination_uri", List.of("reelway.routing.destinations"),
                "`host` and `host:port` become `rtmp://host/live/{stream}`; a URI stays, with `/live` and `/{stream}` where"
                    + " it has none. An array of several is taken too.", EvoStreamPlugins::destinations)),
        EvoStreamPlugins::localEms);
  }

  private static Plugin recorder() {
    return new Plugin(
        "StreamRecorder",
        "Records every stream (`reelway.recorder.every-stream`, [recorder.md](recorder.md)) and sends what is finished to the"
            + " store, which the plugin did not. Files are called as `reelway.recorder.name` says, not"
            + " `<stream>_part0001.mp4`.",
        List.of(
            of("file_location", List.of(RECORDER, RECORDINGS),
                "The same, an absolute path. It is a recordings folder as well unless you give that yourself: what lies"
                    + " there already is sent too.", EvoStreamPlugins::recorded),
            of("period_time", List.of("reelway.recorder.rotation"),
                "The same: seconds, 1 to 86399. Cut at a picture that needs none before it.", EvoStreamPlugins::rotation)),
        to -> {
          to.set("reelway.recorder.every-stream", "true", "StreamRecorder");
          localEms(to);
        });
  }

  private static Plugin balancer() {
    return new Plugin(
        "StreamLoadBalancer",
        "Makes a group in which each EMS has the streams of all ([relays.md](relays.md)). Give `--set"
            + " reelway.routing.address=HOST:PORT`, where the others reach RTMP of this EMS: the plugin took EMS's own side of"
            + " the publisher's connection for it, which was 127.0.0.1 for publishers on the same machine. The same file may"
            + " lie on every EMS.",
        List.of(
            of("destination_uri", List.of("reelway.routing.members"),
                "The other EMS, which are told by their APIs on port 7777 to pull: `ems+http://host:7777`.",
                (given, to) -> members(given, given.texts().stream().map(host -> direct(host, given, to)), to)),
            of("destination_ems_apiproxies", List.of("reelway.routing.members"),
                "The other EMS: by the proxy of EMS's web server (`enable` true), or by the API on port 7777.",
                (given, to) -> members(
                    given, StreamSupport.stream(given.value().spliterator(), false).map(each -> proxied(each, given, to)), to))),
        EvoStreamPlugins::localEms);
  }

  private static Plugin amazon(String name, String format) {
    String bucket = "The same. One bucket and one pair of keys for all that Reelway sends.";
    List<Counterpart<Parameter>> parameters = new ArrayList<>(List.of(
        besideProfile("aws_access_key", "reelway.store.access-key", "The same. Left out where you give a profile."),
        besideProfile("aws_secret_key", "reelway.store.secret-key",
            "The same; better given as `REELWAY_STORE_SECRET_KEY`. The import writes it only with `--with-secrets`."),
        same("default_bucket", "reelway.store.bucket", bucket)));
    if (format.equals("HDS")) {
      parameters.add(
          same("bootstrap", "reelway.live.hds-bootstrap", "The same; `bootstrap` where it is missing."));
    }
    return new Plugin(
        name,
        "Publishes what is in the live folder ([live.md](live.md)), " + format + " and other formats alike. The folder is not"
            + " in this file: give `--set " + LIVE + "=FOLDER`, the one above EMS's groups (`targetFolder`); then keys are the"
            + " same, `group/stream/chunk`. Objects are public-read (`" + ACL + "`); where recordings go to the bucket too,"
            + " that has to be said in so many words.",
        parameters, to -> published(name, to));
  }

  private static Counterpart<Parameter> besideProfile(String name, String key, String text) {
    Counterpart<Parameter> pair = same(name, key, text);
    return of(name, pair.keys(), text, (given, to) -> {
      if (PROFILES.stream().noneMatch(to::isGiven)) {
        pair.step().apply(given, to);
      }
    });
  }

  /** The EMS that the web services belong to, at the addresses that are coded there; its streams are in the application live. */
  private static void localEms(ImportedSettings to) {
    to.set("reelway.servers.api", "ems:http://127.0.0.1:7777", "the plugins' own address of EMS");
    to.set("reelway.routing.source", "rtmp://127.0.0.1:1935/live/{stream}", "the plugins' own address of EMS");
  }

  /** A token is a part of the name whatever it looks like. */
  private static String filter(String token) {
    boolean special = token.startsWith("glob:") || token.startsWith("regex:") || !token.strip().equals(token);
    return special ? "regex:.*" + Pattern.quote(token) + ".*" : token;
  }

  private static void destinations(Parameter given, ImportedSettings to) {
    List<String> destinations = given.texts().stream().map(text -> destination(text.strip())).distinct().toList();
    if (destinations.isEmpty() || destinations.contains("")) {
      to.note(given.name() + " (not shown) is left out: it is neither a host, host:port, nor a URI such as rtmp://host/app;"
          + " several are an array");
    } else {
      to.set("reelway.routing.destinations", String.join(", ", destinations), given.name());
    }
  }

  /** Where streams go to, with commas escaped; empty text where it is neither host, host and port, nor URI. */
  private static String destination(String given) {
    if (WITH_PORT.matcher(given).matches()) {
      return "rtmp://" + given + "/live/{stream}";
    }
    // EMS adds the stream's name itself.
    Matcher rtmp = RTMP.matcher(given);
    String application = rtmp.matches() ? rtmp.group(2).replace("/", "") : "";
    String uri =
        rtmp.matches() ? rtmp.group(1) + "/" + (application.isEmpty() ? "live" : application) + "/{stream}" : given;
    return uri.contains("://") ? uri.replace(",", "%2C") : "";
  }

  private static void recorded(Parameter given, ImportedSettings to) {
    String folder = given.value().asText().strip();
    if (!isAbsolute(folder) || folder.contains(",")) {
      to.note(given.name() + " is left out: " + MessageText.quoted(folder) + " is no absolute path on this machine, or has a comma,"
          + " which separates folders");
    } else {
      to.set(RECORDER, folder, given.name());
      to.set(RECORDINGS, folder, given.name());
    }
  }

  private static boolean isAbsolute(String text) {
    try {
      return Path.of(text).isAbsolute();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** As {@code setTimer} of EMS has it. */
  private static void rotation(Parameter given, ImportedSettings to) {
    String seconds = given.value().asText().strip();
    if (seconds.matches("\\d{1,5}") && Integer.parseInt(seconds) >= 1 && Integer.parseInt(seconds) <= 86_399) {
      to.set("reelway.recorder.rotation", seconds, given.name());
    } else {
      to.note(given.name() + " is left out: " + MessageText.quoted(seconds) + "; allowed are whole seconds, 1 to 86399");
    }
  }

  /** The same file may lie on every EMS: this one is left out. */
  private static void members(Parameter given, Stream<Optional<String>> apis, ImportedSettings to) {
    String address = to.get(ADDRESS);
    String members = apis.flatMap(Optional::stream)
        .filter(api -> !address.toLowerCase(Locale.ROOT).matches(Pattern.quote(URI.create(api).getHost().toLowerCase(Locale.ROOT)) + "(:.*)?"))
        .map(api -> "ems+" + api).distinct().collect(Collectors.joining(", "));
    if (address.isEmpty()) {
      to.note(given.name() + " is left out without " + ADDRESS + ": import with --set " + ADDRESS + "=HOST:PORT, where the others"
          + " reach RTMP of this EMS, such as a.example.com:1935");
    } else if (!members.isEmpty()) {
      to.set("reelway.routing.members", members, given.name());
    }
  }

  private static Optional<String> direct(String host, Parameter given, ImportedSettings to) {
    if (isHost(host.strip())) {
      return Optional.of("http://" + host.strip() + ":7777");
    }
    to.note(given.name() + ": " + MessageText.quoted(host) + " is left out; allowed is a host name or an IP address, without port (the"
        + " API is asked on 7777)");
    return Optional.empty();
  }

  /** With the login that the proxy of EMS's web server wants, a secret. */
  private static Optional<String> proxied(JsonNode entry, Parameter given, ImportedSettings to) {
    String host = entry.path("address").asText().strip();
    if (!entry.path("enable").asBoolean()) {
      return direct(host, given, to);
    }
    boolean complete = Stream.of("pseudoDomain", "ewsPort", "userName", "password").noneMatch(name -> text(entry, name).isEmpty());
    boolean basic = List.of("", "basic").contains(text(entry, "authentication"));
    if (!isHost(host) || !complete || !basic || !text(entry, "ewsPort").matches("\\d{1,5}")) {
      to.note(given.name() + ": the proxy of " + MessageText.quoted(host) + " is left out; it needs address, pseudoDomain, ewsPort (a"
          + " number), userName, password and \"basic\" authentication");
      return Optional.empty();
    }
    return Optional.of(
        "http://" + escaped(entry, "userName") + ":" + escaped(entry, "password") + "@" + host + ":" + text(entry, "ewsPort") + "/"
            + escaped(entry, "pseudoDomain"));
  }

  private static String text(JsonNode entry, String name) {
    return entry.path(name).asText().strip();
  }

  private static String escaped(JsonNode entry, String name) {
    return URLEncoder.encode(text(entry, name), StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }

  /** One that a URI may have: underscores are none of its letters. */
  private static boolean isHost(String text) {
    try {
      return HOST.matcher(text).matches() && new URI("rtmp://" + text).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** The plugins sent chunks only; Reelway sends recordings to the same bucket. */
  private static void published(String plugin, ImportedSettings to) {
    if (!to.has(LIVE)) {
      to.note(plugin + " publishes nothing without " + LIVE + ": set it to the folder above EMS's groups (targetFolder of"
          + " createHLSStream, createHDSStream, createDASHStream)");
    }
    if (to.isGiven(ACL) || to.isGiven("reelway.store.acl-grantee") || to.isGiven("reelway.store.acl-permission")) {
      return;
    }
    if (to.has(RECORDER) || to.has(RECORDINGS)) {
      to.note(plugin + " made objects public-read; recordings, which go to the same bucket, would be public too: set " + ACL
          + " yourself");
    } else {
      to.set(ACL, "public-read", plugin);
    }
  }
}
