package org.reelway.camel;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.MarkerQueue;
import org.reelway.recording.RecordingFolder;

/** {@code reelway:markers}: hands out the finished recordings of one or more folders, oldest marker first. */
public final class MarkersEndpoint extends DefaultEndpoint {
  private final RecordingFeature recordings;
  private List<Path> folders = List.of();
  private Duration settleTime = Duration.ZERO;
  private Duration delay = Duration.ZERO;
  private Set<String> extensions = Set.of();
  private int filesAtOnce = 4;

  MarkersEndpoint(String uri, Component component, RecordingFeature recordings) {
    super(uri, component);
    this.recordings = recordings;
  }

  /** @param list folders, divided by commas */
  public void setFolder(String list) {
    this.folders = words(list).stream().map(Path::of).toList();
  }

  /** @param time as in settings, for instance {@code 2m}; {@code 0s} takes marked recordings only */
  public void setSettleTime(String time) {
    this.settleTime = org.reelway.settings.RecordingSettings.SETTLE_TIME.parse(time);
  }

  /** @param time as in settings; {@code 0s} sends marked recordings at once */
  public void setDelay(String time) {
    this.delay = org.reelway.settings.RecordingSettings.DELAY.parse(time);
  }

  /** @param list extensions without dot, divided by commas */
  public void setExtensions(String list) {
    this.extensions =
        words(list).stream().map(word -> word.toLowerCase(java.util.Locale.ROOT)).collect(Collectors.toSet());
  }

  public void setFilesAtOnce(int filesAtOnce) {
    this.filesAtOnce = filesAtOnce;
  }

  private static List<String> words(String list) {
    return Arrays.stream(list.split(",")).map(String::trim).filter(word -> !word.isEmpty()).toList();
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    if (folders.isEmpty()) {
      throw new InputFailure("folder is empty; name the folders that recordings are written to");
    }
    if (filesAtOnce < 1 || filesAtOnce > 256) {
      throw new InputFailure("filesAtOnce is " + filesAtOnce + "; allowed are 1 to 256");
    }
  }

  List<Path> folders() {
    return folders;
  }

  Duration delay() {
    return delay;
  }

  int filesAtOnce() {
    return filesAtOnce;
  }

  RecordingFeature recordings() {
    return recordings;
  }

  List<FolderIntake> intakes(MarkerQueue queue) {
    return folders.stream()
        .map(
            folder ->
                new FolderIntake(
                    RecordingFolder.of(folder, recordings.disk.markersFolder),
                    recordings.disk.markers,
                    queue,
                    extensions,
                    settleTime,
                    recordings.disk.finished,
                    recordings.disk.intake,
                    recordings.disk.steady,
                    recordings.disk.claims))
        .toList();
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    MarkersConsumer consumer = new MarkersConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    throw new InputFailure(getEndpointUri() + " only starts routes");
  }

  @Override
  public boolean isSingleton() {
    return true;
  }
}
