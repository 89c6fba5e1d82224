package org.reelway.camel;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.reelway.failure.InputFailure;

/** {@code reelway:live-chunks}: publishes the live streams of folders, and tells the route what happened. */
public final class LiveEndpoint extends DefaultEndpoint {
  private final FolderFeature disk;
  private final LivePublishers live;
  private List<Path> folders = List.of();
  private String bucket = "";
  private String prefix = "";
  private boolean watch = true;

  LiveEndpoint(String uri, Component component, FolderFeature disk, LivePublishers live) {
    super(uri, component);
    this.disk = disk;
    this.live = live;
  }

  /** @param list folders, divided by commas */
  public void setFolder(String list) {
    this.folders =
        Arrays.stream(list.split(",")).map(String::trim).filter(word -> !word.isEmpty()).map(Path::of).toList();
  }

  public void setBucket(String bucket) {
    this.bucket = bucket;
  }

  /** @param prefix of all keys; pieces are joined by one slash */
  public void setPrefix(String prefix) {
    this.prefix = prefix;
  }

  /** @param watch whether the folders are watched, or looked through once and then only told of */
  public void setWatch(boolean watch) {
    this.watch = watch;
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    if (folders.isEmpty()) {
      throw new InputFailure("folder is empty; name the folders that live playlists are written to");
    }
    if (bucket.isBlank()) {
      throw new InputFailure("bucket is empty; set reelway.store.bucket");
    }
  }

  List<Path> folders() {
    return folders;
  }

  String bucket() {
    return bucket;
  }

  String prefix() {
    return prefix;
  }

  boolean watch() {
    return watch;
  }

  FolderFeature disk() {
    return disk;
  }

  LivePublishers live() {
    return live;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    LiveConsumer consumer = new LiveConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    throw new InputFailure(getEndpointUri() + " only starts routes");
  }
}
