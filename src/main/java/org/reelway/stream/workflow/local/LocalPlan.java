package org.reelway.stream.workflow.local;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * How the local driver is set up.
 *
 * @param runs folder for what is being cut
 * @param ingest {@code rtmp://host/app} of one or two media servers that publishers send to; empty where they send to us
 * @param source where streams of those are read, in the same order
 * @param listen where publishers are taken, where no media server is
 * @param listenUrl what publishers are told of that
 * @param segment of viewers
 * @param window of viewers' playlists
 * @param publicPath of the public playlist's folder below the viewer files, with {@code {id}} or {@code {name}}
 * @param viewerUrl under which players find the viewer files, without a slash at the end
 * @param most streams
 */
public record LocalPlan(
    Path runs, List<URI> ingest, List<URI> source, InetSocketAddress listen, URI listenUrl, Duration segment, Duration window,
    boolean encrypt,
    String publicPath, Supplier<String> viewerUrl, int most) {}
