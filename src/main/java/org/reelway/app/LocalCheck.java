package org.reelway.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.reelway.callback.MultiRecorderCallback;
import org.reelway.camel.CallbackFeature;
import org.reelway.camel.http.ServerTls;
import org.reelway.camel.queue.Broker;
import org.reelway.camel.telemetry.Traces;
import org.reelway.conference.mixer.MixerFile;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.process.ChildProgram;
import org.reelway.settings.DestinationUri;
import org.reelway.settings.GroupMember;
import org.reelway.settings.HttpSettings;
import org.reelway.settings.LiveSettings;
import org.reelway.settings.ManagementSettings;
import org.reelway.settings.MixerSettings;
import org.reelway.settings.MultiRecorderSettings;
import org.reelway.settings.RecorderSettings;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.NodeSettings.Role;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.settings.RoutingSettings;
import org.reelway.settings.ServerSettings;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.settings.TelemetrySettings;
import org.reelway.settings.WorkflowSettings;
import org.reelway.settings.access.Logins;
import org.reelway.stream.workflow.aws.AwsLive;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.ProbeReport.Step;

/**
 * Tries what a sidecar needs beside its store: folders, ffmpeg, and who it talks to. What is made goes again at once, but
 * for the bundled ffmpeg, which is unpacked into a state folder that is there.
 */
final class LocalCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CONNECT_MILLIS = 5000;

  private final Settings settings;
  private final Path home;
  private final FolderTrial folders;
  private final List<Finding> findings = new ArrayList<>();

  /** @param part of Reelway that would not work where the step has failed, in the plural */
  record Finding(String part, Step step) {}

  private LocalCheck(Settings settings, Path home) {
    this.settings = settings;
    this.home = home;
    this.folders = new FolderTrial(settings);
  }

  /** @param routes whose folders count, where they can be built; else those of the settings do */
  static List<Finding> findings(Settings settings, Path home, RouteTrouble.Look routes) {
    LocalCheck check = new LocalCheck(settings, home);
    check.folders(routes);
    check.ports();
    check.access();
    if (check.has(Role.INGEST) || check.has(Role.MIXER)) {
      check.ffmpeg();
    }
    check.mixer();
    Broker.of(settings).ifPresent(check::broker);
    if (check.has(Role.INGEST)) {
      check.workflow();
      check.peers();
    }
    return check.findings;
  }

  private void add(String part, String what, Outcome outcome, String found) {
    findings.add(new Finding(part, new Step(what, outcome, found)));
  }

  private boolean has(Role role) {
    return NodeSettings.has(settings, role);
  }

  private void folders(RouteTrouble.Look routes) {
    List<Path> recordings =
        routes.isGood() ? routes.recordings() : has(Role.INGEST) ? settings.get(RecordingSettings.FOLDER) : List.of();
    List<Path> live = routes.isGood() ? routes.live() : has(Role.INGEST) ? given(LiveSettings.FOLDER) : List.of();
    recordings.forEach(
        folder -> findings.add(new Finding("recordings", folders.watched("recordings folder", folder,
            settings.get(RecordingSettings.TIDY) == Tidy.KEEP ? "markers are kept in the state folder"
                : "markers are kept in the state folder, and files cannot be tidied"))));
    live.forEach(
        folder -> findings.add(
            new Finding("live streams", folders.watched("live folder", folder, "its events cannot be tried"))));
    findings.add(new Finding("the start", folders.state()));
    if (!has(Role.INGEST)) {
      return;
    }
    if (settings.get(RecordingSettings.TIDY) == Tidy.MOVE) {
      written("tidying", RecordingSettings.MOVE_TO);
    }
    written("recorders", RecorderSettings.FOLDER);
    written("multi-recorders", MultiRecorderSettings.FOLDER);
  }

  private void written(String part, Setting<Path> setting) {
    if (settings.isSet(setting)) {
      findings.add(new Finding(part, folders.written(setting.key(), settings.get(setting))));
    }
  }

  private void ports() {
    port(HttpSettings.HOST, HttpSettings.PORT);
    port(ManagementSettings.HOST, ManagementSettings.PORT);
  }

  private void access() {
    if (settings.isSet(HttpSettings.ACCESS_FILE)) {
      tried("access file", () -> {
        Logins.http(settings);
        return "its accounts are valid";
      });
    }
    certificate(HttpSettings.TLS_CERTIFICATE, HttpSettings.TLS_KEY);
    certificate(ManagementSettings.TLS_CERTIFICATE, ManagementSettings.TLS_KEY);
  }

  private void certificate(Setting<Path> certificate, Setting<Path> key) {
    if (settings.isSet(certificate)) {
      tried(certificate.key(), () -> {
        ServerTls tls = ServerTls.of(settings, certificate, key).orElseThrow();
        tls.trouble(Clock.systemUTC()).ifPresent(found -> {
          throw new InputFailure(found);
        });
        return "valid until " + tls.ends();
      });
    }
  }

  private void tried(String what, Supplier<String> trial) {
    try {
      add("the start", what, Outcome.OK, trial.get());
    } catch (InputFailure e) {
      add("the start", what, Outcome.FAILED, e.getMessage());
    }
  }

  /** A port that is taken is no failure: a sidecar with these settings may run. */
  private void port(Setting<String> host, Setting<Integer> port) {
    String address = settings.get(host) + ":" + settings.get(port);
    try (ServerSocket socket = new ServerSocket(settings.get(port), 1, InetAddress.getByName(settings.get(host)))) {
      add("the start", port.key(), Outcome.OK, address + " is free");
    } catch (UnknownHostException e) {
      add("the start", port.key(), Outcome.FAILED, host + " is no address of this machine: " + settings.get(host));
    } catch (IOException e) {
      add("the start", port.key(), Outcome.LESS,
          address + ": " + e.getMessage() + "; no sidecar can start here but one that runs already");
    }
  }

  private void ffmpeg() {
    String part = "repair, relays, recorders and mixes";
    Path state = settings.get(StateSettings.FOLDER).toAbsolutePath();
    try {
      if (!Files.isDirectory(state) && !Files.isDirectory(home.resolve("ffmpeg"))) {
        add(part, "ffmpeg", Outcome.LESS, "not tried: it is unpacked into the state folder, which is not there yet");
        return;
      }
      List<String> said = new ArrayList<>();
      FfmpegPrograms programs = FfmpegPrograms.shipped(home.resolve("ffmpeg"), state.resolve("ffmpeg"));
      ChildProgram.Ended ended = new ChildProgram(programs.ffmpeg(), PATIENCE).run(List.of("-version"), said::add);
      boolean runs = ended.exitCode() == 0 && !said.isEmpty();
      add(part, "ffmpeg", runs ? Outcome.OK : Outcome.FAILED,
          programs.ffmpeg() + ": "
              + (runs ? said.get(0).replaceFirst(" Copyright.*", "") : "ends with " + ended.exitCode() + ": " + ended.lastWords()));
    } catch (OurFailure e) {
      add(part, "ffmpeg", Outcome.FAILED, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OurFailure("the check was interrupted", e);
    }
  }

  private void mixer() {
    try {
      String url = MixerFile.inUse(settings.get(MixerSettings.SETTINGS), home).callbackUrl();
      add("mixes", "mixer settings", Outcome.OK, "valid");
      callbacks(url.isEmpty() ? Map.of() : Map.of(MultiRecorderCallback.RECEIVER, URI.create(url)));
    } catch (InputFailure e) {
      add("mixes", "mixer settings", Outcome.FAILED, e.getMessage());
      callbacks(Map.of());
    }
  }

  private void broker(Broker broker) {
    try (broker) {
      told("mixes of the farm", "broker", broker.trial());
    }
  }

  private void workflow() {
    if (settings.get(WorkflowSettings.DRIVER) == WorkflowSettings.Driver.AWS) {
      try {
        AwsLive.check(settings, home);
        add("the live workflow", "AWS driver", Outcome.OK, "its libraries are there, and its templates are valid");
      } catch (InputFailure e) {
        add("the live workflow", "AWS driver", Outcome.FAILED, e.getMessage());
      }
      return;
    }
    written("the live workflow", WorkflowSettings.FOLDER);
    if (!settings.isSet(WorkflowSettings.INGEST)) {
      port(WorkflowSettings.LISTEN_HOST, WorkflowSettings.LISTEN_PORT);
    }
  }

  private void callbacks(Map<String, URI> more) {
    if (!has(Role.CALLBACKS)) {
      return;
    }
    CallbackFeature.trial(settings, more).forEach((name, trouble) -> told("callbacks", "callback " + name, trouble));
  }

  private void peers() {
    Stream.concat(
            given(RoutingSettings.DESTINATIONS).stream(),
            given(RoutingSettings.MEMBERS).stream().map(GroupMember::destination).filter(each -> each != null))
        .forEach(each -> told("relays", "destination " + each.shown(), reached(each)));
    Stream.concat(
            given(ServerSettings.API).stream(),
            given(RoutingSettings.MEMBERS).stream().filter(GroupMember::isTold).map(GroupMember::api))
        .forEach(each -> told("questions to media servers", "API of " + each.kind().word() + " " + each.name(),
            reached(each.uri().getHost(), port(each.uri()), true)));
    Optional.ofNullable(settings.get(TelemetrySettings.ENDPOINT)).ifPresent(uri ->
        told("traces", "collector", Traces.missing().or(() -> reached(uri.getHost(), port(uri), true))));
  }

  private static int port(URI uri) {
    return uri.getPort() > 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  private static Optional<String> reached(DestinationUri destination) {
    boolean datagrams = List.of("udp", "srt").contains(destination.scheme());
    return reached(destination.host(), destination.port(), !datagrams);
  }

  /** @return why the host cannot be reached; where it is spoken to by datagrams only its name is asked for */
  private static Optional<String> reached(String host, int port, boolean connect) {
    try (Socket socket = new Socket(java.net.Proxy.NO_PROXY)) {
      InetAddress address = InetAddress.getByName(host);
      if (connect) {
        socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
      }
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of(host + " has no address");
    } catch (IOException e) {
      return Optional.of("no connection to " + host + ":" + port + ": " + e.getMessage());
    }
  }

  private void told(String part, String what, Optional<String> trouble) {
    add(part, what, trouble.isEmpty() ? Outcome.OK : Outcome.FAILED, trouble.orElse("can be reached"));
  }

  private <T> List<T> given(Setting<List<T>> setting) {
    return settings.isSet(setting) ? settings.get(setting) : List.of();
  }
}
