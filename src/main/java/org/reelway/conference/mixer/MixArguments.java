package org.reelway.conference.mixer;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reelway.media.ffmpeg.AllowedInputs;

/** What ffmpeg is told for a mix. */
final class MixArguments {
  private static final int KEYFRAME_SECONDS = 2;
  private static final String ONE = "1";

  private MixArguments() {}

  /**
   * What is written can be played at every moment: fragments of two seconds, and no index to come.
   *
   * @param graph the file of filters
   */
  static List<String> mix(Path recording, MixPlan plan, Path graph, Path out) {
    MixSettings settings = plan.settings();
    List<String> words = new ArrayList<>(List.of("-hide_banner", "-loglevel", "error", "-y", "-copyts"));
    words.addAll(List.of("-progress", "pipe:1", "-stats_period", "0.25"));
    if (!settings.multithreading()) {
      words.addAll(List.of("-filter_complex_threads", ONE, "-threads", ONE));
    }
    words.addAll(input(recording));
    if (plan.pictures().stream().anyMatch(take -> !take.placed())
        || plan.sounds().stream().anyMatch(take -> !take.placed())) {
      words.add("-ignore_editlist");
      words.add(ONE);
      words.addAll(input(recording));
    }
    words.addAll(List.of("-/filter_complex", graph.toString()));
    if (!plan.scenes().isEmpty()) {
      words.addAll(video(settings));
    }
    if (!plan.sounds().isEmpty()) {
      words.addAll(List.of("-map", FilterGraph.AUDIO, "-c:a", "aac", "-b:a", settings.audioKbps() + "k"));
    }
    words.addAll(List.of("-movflags", "+frag_keyframe+empty_moov+default_base_moof+delay_moov"));
    words.addAll(List.of("-frag_duration", Integer.toString(KEYFRAME_SECONDS * 1_000_000)));
    words.addAll(List.of("-flush_packets", ONE, "-f", "mp4", "file:" + out));
    return words;
  }

  /**
   * Where the size of a picture changes in the middle, ffmpeg would make all filters anew, of all streams, and lose what they
   * hold. Those of a take adapt by themselves.
   */
  private static List<String> input(Path recording) {
    List<String> words = new ArrayList<>(AllowedInputs.file());
    words.addAll(List.of("-reinit_filter", "0", "-i", "file:" + recording));
    return words;
  }

  private static List<String> video(MixSettings settings) {
    List<String> words = new ArrayList<>(List.of("-map", FilterGraph.VIDEO, "-r", Integer.toString(settings.fps())));
    words.addAll(List.of("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"));
    words.addAll(List.of("-b:v", settings.videoKbps() + "k", "-maxrate", settings.videoKbps() * 2 + "k"));
    words.addAll(List.of("-bufsize", settings.videoKbps() * 4 + "k"));
    words.addAll(List.of("-g", Integer.toString(settings.fps() * KEYFRAME_SECONDS)));
    if (!settings.multithreading()) {
      words.addAll(List.of("-threads:v", ONE));
    }
    return words;
  }

  /**
   * The index to the front, for players that begin before they have all.
   *
   * @param created when the recording was made, for players that show it
   */
  static List<String> finish(Path written, Optional<Instant> created, Path out) {
    List<String> words = new ArrayList<>(List.of("-hide_banner", "-loglevel", "error", "-nostdin", "-y"));
    words.addAll(AllowedInputs.file());
    words.addAll(List.of("-i", "file:" + written));
    words.addAll(List.of("-map", "0", "-c", "copy"));
    created.ifPresent(at -> words.addAll(List.of("-metadata", "creation_time=" + at)));
    words.addAll(List.of("-movflags", "+faststart", "-f", "mp4", "file:" + out));
    return words;
  }
}
