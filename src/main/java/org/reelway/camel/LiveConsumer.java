package org.reelway.camel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.reelway.live.LiveEvent;
import org.reelway.live.LivePublisher;
import org.reelway.live.ToldFiles;
import org.reelway.recording.FolderFiles;
import org.reelway.recording.FolderWatch;
import org.reelway.recording.RecordingFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a live publisher, and tells the route of its events one after the other. A route that is slower than its streams
 * misses events; it never holds up a stream.
 */
final class LiveConsumer extends DefaultConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(LiveConsumer.class);
  private static final int MOST_WAITING = 10_000;

  private final LiveEndpoint endpoint;
  private final BlockingQueue<LiveEvent> events = new ArrayBlockingQueue<>(MOST_WAITING);
  private final List<Watched> watched = new ArrayList<>();
  private LivePublisher publisher;
  private Thread teller;
  private volatile boolean dropping;

  /** @param watch null where the media server's events are all that tells of the folder */
  private record Watched(FolderFiles files, FolderWatch watch, ToldFiles told) {}

  LiveConsumer(LiveEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    publisher = endpoint.live().begin(endpoint.bucket(), endpoint.prefix(), this::happened);
    teller = new Thread(this::tell, "live-events");
    teller.setDaemon(true);
    teller.start();
    for (Path path : endpoint.folders()) {
      endpoint.live().folders().prepare(path);
      begin(RecordingFolder.of(path, endpoint.disk().markersFolder));
    }
  }

  private void begin(RecordingFolder folder) {
    FolderFiles.Listener listener = publisher.publish(folder);
    FolderFiles files = new FolderFiles(folder, publisher::isPlaylist, listener, endpoint.disk().steady);
    ToldFiles toldFiles = new ToldFiles(folder, publisher::isPlaylist, listener);
    if (endpoint.watch()) {
      endpoint.live().folders().addOther(files);
      FolderWatch watch = FolderWatch.start(files);
      endpoint.live().folders().watchedOther(files, watch);
      watched.add(new Watched(files, watch, toldFiles));
    } else {
      endpoint.live().folders().reserve(folder);
      files.rescan();
      watched.add(new Watched(files, null, toldFiles));
    }
    endpoint.live().told().add(toldFiles);
  }

  private void happened(LiveEvent event) {
    boolean room = events.offer(event);
    if (!room && !dropping) {
      LOG.warn("the route {} is slower than its streams: it is not told of all that happens", getRouteId());
    }
    dropping = !room;
  }

  private void tell() {
    try {
      for (LiveEvent event = events.take(); !endpoint.live().isDraining(); event = events.take()) {
        // To a route that has stopped, a message would wait for half a minute, and the stop with it.
        tell(event);
      }
    } catch (InterruptedException stopping) {
      LOG.debug("no more live events");
    }
  }

  private void tell(LiveEvent event) {
    Exchange exchange = createExchange(false);
    try {
      Message message = exchange.getMessage();
      message.setBody(event.text());
      message.setHeader("LiveEvent", event.kind().word());
      message.setHeader("LivePlaylist", event.playlist());
      message.setHeader("LiveKey", event.key());
      message.setHeader("LiveDelayMillis", event.delay().toMillis());
      message.setHeader("LiveBucket", endpoint.bucket());
      getProcessor().process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    } finally {
      if (exchange.getException() != null) {
        // Said by the route's own policy; at a stop it may be no more than that the route was the first to end.
        LOG.debug("the route {} failed for a live event: {}", getRouteId(), exchange.getException().toString());
      }
      releaseExchange(exchange, false);
    }
  }

  @Override
  protected void doStop() throws Exception {
    for (Watched each : watched) {
      endpoint.live().told().remove(each.told());
      if (each.watch() == null) {
        endpoint.live().folders().release(each.files().folder());
      } else {
        each.watch().close();
        endpoint.live().folders().removeOther(each.files());
      }
    }
    watched.clear();
    if (publisher != null) {
      endpoint.live().end(publisher);
    }
    if (teller != null) {
      teller.interrupt();
    }
    super.doStop();
  }
}
