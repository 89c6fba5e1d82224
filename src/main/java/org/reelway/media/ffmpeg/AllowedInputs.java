package org.reelway.media.ffmpeg;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.reelway.failure.InputFailure;

/**
 * Options that stand before every input of ffmpeg and ffprobe that others wrote. ffmpeg takes a file for what its bytes look
 * like, and playlists, manifests and lists of files in it name further files and addresses: only containers that hold their
 * media themselves are read, and only by the protocols that the input itself needs (https://ffmpeg.org/ffmpeg-formats.html,
 * format_whitelist and protocol_whitelist).
 */
public final class AllowedInputs {
  /** Containers by ffmpeg's names. None of them names another file, or ffmpeg does not follow it (enable_drefs of mov). */
  private static final String CONTAINERS =
      "mov,matroska,flv,live_flv,mpegts,mpeg,avi,asf,mxf,ogg,wav,w64,mp3,aac,ac3,eac3,flac,h264,hevc,ivf";

  private static final Map<String, List<String>> STREAMS =
      Map.of(
          "rtmp", options("rtmp,tcp", "flv,live_flv"),
          "rtmps", options("rtmps,tls,tcp", "flv,live_flv"),
          "rtsp", options("rtsp,rtp,udp,tcp", "rtsp"),
          "rtsps", options("rtsps,rtsp,srtp,rtp,udp,tls,tcp", "rtsp"),
          "srt", options("srt", "mpegts"),
          "http", options("http,https,tls,tcp,crypto", "hls," + CONTAINERS),
          "https", options("http,https,tls,tcp,crypto", "hls," + CONTAINERS));

  private AllowedInputs() {}

  private static List<String> options(String protocols, String formats) {
    return List.of("-protocol_whitelist", protocols, "-format_whitelist", formats);
  }

  /** Before a file, or a part of one by {@code subfile}. */
  public static List<String> file() {
    return options("file,subfile", CONTAINERS);
  }

  /** Before FLV that comes from this program. */
  public static List<String> flvFromUs() {
    return options("pipe", "flv");
  }

  /**
   * Before a stream.
   *
   * @throws InputFailure where streams are not read by the URI's scheme
   */
  public static List<String> stream(String uri) {
    String scheme = uri.replaceFirst(":.*", "").toLowerCase(Locale.ROOT);
    if (!STREAMS.containsKey(scheme)) {
      throw new InputFailure(
          "streams are read by " + String.join(", ", STREAMS.keySet().stream().sorted().toList()) + ", not by "
              + (scheme.matches("[a-z0-9+.-]{1,20}") ? scheme : "what was named"));
    }
    return STREAMS.get(scheme);
  }
}
