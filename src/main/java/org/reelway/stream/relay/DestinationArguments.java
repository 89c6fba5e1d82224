package org.reelway.stream.relay;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.reelway.failure.InputFailure;
import org.reelway.settings.DestinationUri;

/** What ffmpeg has to be told to send one stream to a destination. */
final class DestinationArguments {
  /** ffmpeg reads lines of a preset in pieces of this length. */
  private static final int LONGEST_SECRET = 900;
  /** Options of an srt URL that are secrets: with its stream id many services tell users apart. */
  private static final List<String> SRT_SECRETS = List.of("passphrase", "streamid");

  private final DestinationUri uri;
  private final String stream;
  private final StreamTrail via;
  private final List<String> arguments = new ArrayList<>();
  private final List<Destination.Secret> secrets = new ArrayList<>();
  private Destination.Http http;

  private DestinationArguments(DestinationUri uri, String stream, StreamTrail via) {
    this.uri = uri;
    this.stream = stream;
    this.via = via;
  }

  /**
   * @param via what the destination is told where it wants it in its query
   * @throws InputFailure when the stream's name cannot be part of the destination
   */
  static Destination of(DestinationUri uri, String stream, StreamTrail via) {
    requireSendable(uri, stream);
    DestinationArguments made = new DestinationArguments(uri, stream, via);
    switch (uri.scheme()) {
      case "rtmp", "rtmps" -> made.rtmp();
      case "srt" -> made.srt();
      case "rtsp", "rtsps" -> made.rtsp();
      case "udp" -> made.udp();
      default -> made.hls();
    }
    made.secrets.forEach(secret -> requireFits(uri, secret));
    return new Destination(
        uri.shown(stream), uri.shown(), uri.host(), uri.port(), List.copyOf(made.arguments), List.copyOf(made.secrets),
        0, made.http);
  }

  private void rtmp() {
    secrets.add(new Destination.Secret("rtmp_playpath", uri.streamName(stream, via.list())));
    add("-f", "flv", "-flvflags", "no_duration_filesize", "-rtmp_app", uri.application(stream), root() + "/");
  }

  private void srt() {
    StringBuilder url = new StringBuilder(root());
    char sign = '?';
    for (String pair : uri.query(stream).isEmpty() ? new String[0] : uri.query(stream).split("&")) {
      String name = pair.split("=", 2)[0];
      if (SRT_SECRETS.contains(name)) {
        String option = name.equals("streamid") ? "srt_streamid" : name;
        secrets.add(new Destination.Secret(option, pair.substring(Math.min(pair.length(), name.length() + 1))));
      } else {
        url.append(sign).append(pair);
        sign = '&';
      }
    }
    add("-f", "mpegts", url.toString());
  }

  private void rtsp() {
    add("-f", "rtsp", "-rtsp_transport", "tcp", root() + uri.path(StreamSource.encoded(stream)));
  }

  private void udp() {
    String query = uri.query(StreamSource.encoded(stream));
    add("-f", "mpegts", root() + "?pkt_size=1316" + (query.isEmpty() ? "" : "&" + query));
  }

  /** Number and names go on where a relay is begun anew: players never see a chunk change. */
  private void hls() {
    String basic =
        uri.userInfo() == null
            ? ""
            : "Basic " + Base64.getEncoder().encodeToString(uri.userInfo().getBytes(StandardCharsets.UTF_8));
    String query = uri.query(StreamSource.encoded(stream));
    String address = root() + uri.path(StreamSource.encoded(stream)) + (query.isEmpty() ? "" : "?" + query);
    http = new Destination.Http(URI.create(address), basic);
    add(
        "-f", "hls", "-hls_time", "4", "-hls_list_size", "6", "-hls_start_number_source", "epoch",
        "-hls_flags", "delete_segments+temp_file+discont_start");
  }

  private void add(String... more) {
    arguments.addAll(List.of(more));
  }

  private String root() {
    return uri.scheme() + "://" + uri.authority();
  }

  private static void requireSendable(DestinationUri uri, String stream) {
    boolean upwards = stream.equals(".") || List.of(stream.split("/", -1)).contains("..");
    if (stream.isEmpty() || upwards || stream.chars().anyMatch(Character::isISOControl)) {
      throw new InputFailure(
          "the stream \"" + stream.replaceAll("\\p{Cntrl}", "?") + "\" cannot be sent to " + uri
              + ": its name is empty, leads upwards or has control characters; give it another name");
    }
  }

  private static void requireFits(DestinationUri uri, Destination.Secret secret) {
    if (secret.option().length() + secret.value().getBytes(StandardCharsets.UTF_8).length > LONGEST_SECRET) {
      throw new InputFailure(
          "the stream key for " + uri + " is longer than " + LONGEST_SECRET + " bytes, more than ffmpeg reads");
    }
  }
}
