package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.camel.api.RecordingsApi;
import org.reelway.conference.mixer.MixedName;
import org.reelway.failure.InputFailure;
import org.reelway.settings.ProgramArguments;
import org.reelway.settings.ProgramSettings;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.settings.ShutdownSettings;
import org.reelway.state.ProgramRecord;
import org.reelway.state.ProgramRecords;
import org.reelway.transfer.flow.RecordingFlow;
import org.reelway.transfer.flow.RecordingWork;
import org.reelway.transfer.program.ProgramCommand;
import org.reelway.transfer.program.ProgramTerms;
import org.reelway.transfer.program.RecordingPrograms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's own programs ({@code reelway.program.*}), as routes, the API, metrics and health see them. */
public final class OperatorPrograms implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorPrograms.class);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Map<Setting<ProgramArguments>, ProgramCommand> commands;
  private final RecordingPrograms programs;
  private final Duration patience;

  private OperatorPrograms(
      Map<Setting<ProgramArguments>, ProgramCommand> commands, RecordingPrograms programs, Duration patience) {
    this.commands = commands;
    this.programs = programs;
    this.patience = patience;
  }

  static OperatorPrograms make(StateFeature state, FolderFeature disk, RecordingFlow flow) {
    Settings settings = state.settings;
    Map<Setting<ProgramArguments>, ProgramCommand> commands = commands(settings);
    ProgramTerms terms =
        new ProgramTerms(
            settings.get(ProgramSettings.TIME_LIMIT), GRACE, settings.get(ProgramSettings.ON_FAILURE),
            settings.get(ProgramSettings.TRIES), TransferFeature.backoff(settings), settings.get(ProgramSettings.AT_ONCE));
    RecordingPrograms programs =
        new RecordingPrograms(
            terms, flow, disk.markers, new ProgramRecords(state.jdbi, state.writer, state.node), state.history, disk.intake,
            (outcome, took) -> count(state.metrics, outcome, took), state.clock);
    if (!commands.isEmpty()) {
      Gauge.builder("reelway.programs.running", programs, RecordingPrograms::running)
          .description("Programs of the operator's that run").register(state.metrics);
      Gauge.builder("reelway.programs.waiting", programs, RecordingPrograms::waiting)
          .description("Recordings whose program waits for its turn").register(state.metrics);
    }
    return new OperatorPrograms(commands, programs, settings.get(ShutdownSettings.DRAIN_TIME));
  }

  private static void count(MeterRegistry metrics, ProgramRecord.State state, Duration took) {
    boolean failed = state == ProgramRecord.State.FAILED || state == ProgramRecord.State.SPOILED;
    Timer.builder("reelway.programs").description("Runs of the operator's programs, by how they ended")
        .tag("outcome", failed ? "failed" : state.word()).register(metrics).record(took);
  }

  /**
   * The programs of the settings.
   *
   * @throws InputFailure when one is not there
   */
  public static Map<Setting<ProgramArguments>, ProgramCommand> commands(Settings settings) {
    Map<Setting<ProgramArguments>, ProgramCommand> all = new LinkedHashMap<>();
    for (Setting<ProgramArguments> each : List.of(ProgramSettings.AFTER_RECORDING, ProgramSettings.AFTER_MIX)) {
      if (settings.isSet(each)) {
        all.put(each, ProgramCommand.of(settings, each));
      }
    }
    return all;
  }

  /** A route of the operator's that took the place of ours may lack the step. */
  void sayIfUnused(CamelContext context) {
    boolean used = context.getEndpoints().stream().map(Endpoint::getEndpointUri).anyMatch(uri -> uri.startsWith("reelway://program"));
    if (!used) {
      commands.keySet().forEach(
          setting -> LOG.warn("{} is set, but no route has the step kamelet:recording-program", setting.key()));
    }
  }

  /** Whether the route goes on; else it ends for now. Costs nothing where no program is set. */
  boolean isOver(RecordingWork work) {
    if (commands.isEmpty()) {
      return true;
    }
    boolean mix = MixedName.isMixed(work.recording().file());
    ProgramCommand command = commands.get(mix ? ProgramSettings.AFTER_MIX : ProgramSettings.AFTER_RECORDING);
    return command == null || programs.isOver(work, command);
  }

  Optional<RecordingsApi.Run> view(String recordingId) {
    return programs.find(recordingId)
        .map(
            row -> new RecordingsApi.Run(
                row.state().word(), row.exitCode(), row.tries(), row.problem(), row.begunAt(), row.endedAt()));
  }

  /** Tells of programs that fail. Up all the same: recordings are carried, and no program may take a sidecar out of service. */
  GuardedHealth health() {
    return new GuardedHealth("programs", Scope.READY, builder -> {
      String trouble = programs.trouble();
      builder
          .detail("programs.state", trouble.isEmpty() ? "ok" : "degraded")
          .detail("programs.running", programs.running())
          .detail("programs.waiting", programs.waiting());
      if (!trouble.isEmpty()) {
        builder.message("the last program failed: " + trouble);
      }
      builder.up();
    });
  }

  /** No program is begun any more; those that run have the drain time. */
  void drain() {
    programs.drain(patience);
  }

  @Override
  public void close() {
    programs.close();
  }
}
