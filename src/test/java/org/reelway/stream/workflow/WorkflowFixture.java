package org.reelway.stream.workflow;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.reelway.recording.SetClock;
import org.reelway.state.StateWriter;
import org.reelway.state.StoredWorkflow;
import org.reelway.state.TestState;
import org.reelway.state.WorkflowNoticeRow;
import org.reelway.stream.workflow.archive.SplitAnswer;
import org.reelway.stream.workflow.archive.SplitDone;
import org.reelway.stream.workflow.archive.SplitRequest;
import org.reelway.stream.workflow.archive.SplitSource;

/** A live workflow over a database that can be opened again, with a driver and a splitter that do what a test says. */
final class WorkflowFixture implements AutoCloseable {
  final SetClock clock = new SetClock(Instant.parse("2026-11-30T12:00:00Z"));
  final List<WorkflowNoticeRow> told = new CopyOnWriteArrayList<>();
  final List<SplitSource> splits = new CopyOnWriteArrayList<>();
  volatile Consumer<WorkflowNoticeRow> route = told::add;
  int most = 5;
  boolean costsMoney;
  ScriptedDriver driver;
  LiveWorkflow workflow;
  Jdbi jdbi;
  private final List<LiveWorkflow> killed = new ArrayList<>();
  private final Path folder;
  private StateWriter writer;

  WorkflowFixture(Path folder) {
    this.folder = folder;
    open();
  }

  /** A new process: nothing is known but what is on disk. */
  void open() {
    open(new ScriptedDriver());
  }

  void open(ScriptedDriver made) {
    driver = made;
    jdbi = TestState.open(folder, clock).jdbi();
    writer = new StateWriter(jdbi);
    workflow =
        new LiveWorkflow(
            new StoredWorkflow(jdbi, writer, "here"), () -> driver, done -> (source, request) -> split(source, request, done),
            new ArchiveRoots("bkt", "pre/", "pre/viewer/"), notice -> route.accept(notice), most, clock);
    workflow.begin(costsMoney);
  }

  private SplitAnswer split(SplitSource source, SplitRequest request, SplitDone.Listener done) {
    splits.add(source);
    String key = source.root().prefix() + "index_" + request.modifier().orElse("x") + "_0.m3u8";
    done.done(new SplitDone(
        source.session() + "-" + request.modifier().orElse("x"), source.stream(), source.session(), SplitRequest.Format.M3U8,
        List.of(new SplitDone.Made(request.sections().get(0), key, "", ""))));
    return new SplitAnswer(List.of(key), null, null);
  }

  /** As a kill does: nothing is ended in order, and nothing more is written. */
  void killed() {
    route = notice -> {
      throw new IllegalStateException("dead");
    };
    writer.close();
    killed.add(workflow);
  }

  void stop() {
    workflow.close();
    writer.close();
  }

  StreamView created() {
    return workflow.create(new NewStream("one", "a stream", 300, 43_200, 60));
  }

  StreamView started(String id) {
    return workflow.start(id, Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Override
  public void close() {
    stop();
    killed.forEach(LiveWorkflow::close);
  }
}
