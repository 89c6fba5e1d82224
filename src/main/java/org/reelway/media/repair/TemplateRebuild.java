package org.reelway.media.repair;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.media.ffmpeg.AllowedInputs;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.MediaBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the index of an MP4 anew that its writer did not come to write. What the index would have said is taken from a
 * finished recording of the same encoder: its parameter sets, its sound's configuration, and what its samples look like.
 * Whether a recording fits is told by decoding the first seconds of what comes out.
 */
final class TemplateRebuild {
  private static final Logger LOG = LoggerFactory.getLogger(TemplateRebuild.class);
  private static final double LEAST_DECODED = 0.9;
  private static final String TRIED_SECONDS = "%+20";
  /** A rate that differs by more is the recording's own, counted by its sound. */
  private static final double SAME_RATE = 0.02;
  private static final int SAMPLES_IN_FRAME = 1024;

  private final BackgroundFfmpeg ffmpeg;
  private final RepairedCheck check;

  TemplateRebuild(BackgroundFfmpeg ffmpeg, RepairedCheck check) {
    this.ffmpeg = ffmpeg;
    this.check = check;
  }

  /** Relative to the broken file's folder. */
  private static String shown(Path template, Path file) {
    return file.toAbsolutePath().normalize().getParent().relativize(template.toAbsolutePath().normalize()).toString();
  }

  /** @throws InputFailure no template leads to pictures that can be decoded; the message says why for each */
  Repaired repair(Path file, BrokenMedia media, Path out, List<Path> templates)
      throws IOException, InterruptedException {
    if (templates.isEmpty()) {
      throw new InputFailure(
          "it has no moov box, and no finished MP4 lies beside it, or in a folder beside its own, that could serve as a pattern");
    }
    List<String> reasons = new ArrayList<>();
    for (Path template : templates) {
      try {
        return by(template, file, media, out);
      } catch (InputFailure | IOException unfit) {
        LOG.debug("{} is no pattern for {}: {}", template, file, unfit.toString());
        reasons.add(shown(template, file) + ": " + unfit.getMessage());
      }
    }
    throw new InputFailure("it has no moov box, and no recording near it fits as a pattern: "
        + String.join("; ", reasons));
  }

  private Repaired by(Path template, Path file, BrokenMedia media, Path out)
      throws IOException, InterruptedException {
    List<Mp4Track> tracks = Mp4Track.of(template);
    Optional<Mp4Track> pictured = first(tracks, "avc1", "avc3");
    H264Pattern video =
        (pictured.isEmpty() ? Optional.<H264Pattern>empty() : H264Pattern.of(pictured.get()))
            .orElseThrow(() -> new InputFailure("has no H.264 track"));
    AacPattern audio = audio(template, tracks);
    Path pictures = out.resolveSibling("pictures.h264");
    Path sound = out.resolveSibling("sound.aac");
    try {
      MdatWalk.Found found = new MdatWalk(video, audio).run(file, media.mediaStart(), pictures, sound);
      if (found.pictures() == 0) {
        throw new InputFailure("no picture was found by it");
      }
      boolean heard = found.soundFrames() > 0 && isSound(sound, found.soundFrames());
      mux(pictures, heard ? sound : null, rate(video, audio, found, heard), out);
      requirePictures(out);
      return repaired(shown(template, file), media, out, found, heard, audio != null);
    } finally {
      Files.deleteIfExists(pictures);
      Files.deleteIfExists(sound);
    }
  }

  private static AacPattern audio(Path template, List<Mp4Track> tracks) throws IOException {
    Optional<Mp4Track> track = first(tracks, "mp4a");
    if (track.isEmpty()) {
      return null;
    }
    try (MediaBytes bytes = MediaBytes.open(template)) {
      return AacPattern.of(bytes, track.get()).orElse(null);
    }
  }

  private static Optional<Mp4Track> first(List<Mp4Track> tracks, String... codecs) {
    return tracks.stream().filter(track -> List.of(codecs).contains(track.entry().codec())).findFirst();
  }

  /** Sound that was divided wrongly does not decode. */
  private boolean isSound(Path sound, long frames) throws InterruptedException {
    try {
      JsonNode answer = ffmpeg.probe(sound, "stream=nb_read_frames", List.of("-count_frames"));
      return answer.at("/streams/0/nb_read_frames").asLong() >= LEAST_DECODED * frames;
    } catch (InputFailure undecodable) {
      return false;
    }
  }

  /**
   * Pictures have no times in bare data: they are taken as evenly spaced, at the pattern's rate, or where the sound shows
   * another at that one.
   */
  private static double rate(H264Pattern video, AacPattern audio, MdatWalk.Found found, boolean heard) {
    double usual = video.picturesPerSecond() > 0 ? video.picturesPerSecond() : 25;
    if (!heard) {
      return usual;
    }
    double seconds =
        (double) found.soundFrames() * SAMPLES_IN_FRAME / audio.config().sampleRate();
    double own = found.pictures() / seconds;
    boolean longEnough = seconds >= 5;
    return longEnough && Math.abs(own - usual) / usual > SAME_RATE ? own : usual;
  }

  private void mux(Path pictures, Path sound, double rate, Path out) throws InterruptedException {
    List<String> arguments = new ArrayList<>(AllowedInputs.file());
    arguments.addAll(
        List.of("-r", String.format(Locale.ROOT, "%.6f", rate), "-f", "h264", "-i", "file:" + pictures));
    if (sound != null) {
      arguments.addAll(AllowedInputs.file());
      arguments.addAll(List.of("-f", "aac", "-i", "file:" + sound));
    }
    arguments.addAll(List.of("-map", "0:v"));
    if (sound != null) {
      arguments.addAll(List.of("-map", "1:a"));
    }
    arguments.addAll(
        List.of("-c", "copy", "-bsf:v", "dts2pts", "-fflags", "+bitexact", "-max_muxing_queue_size", "4096",
            "-movflags", "+faststart", "-f", "mp4", "file:" + out));
    ffmpeg.run(arguments);
  }

  /** With parameter sets of another encoder the data are walked well and still show nothing. */
  private void requirePictures(Path out) throws InterruptedException {
    JsonNode stream =
        ffmpeg
            .probe(
                out,
                "stream=nb_read_frames,nb_read_packets",
                List.of("-err_detect", "explode", "-count_frames", "-count_packets", "-select_streams", "v:0",
                    "-read_intervals", TRIED_SECONDS))
            .at("/streams/0");
    long frames = stream.path("nb_read_frames").asLong();
    long packets = stream.path("nb_read_packets").asLong();
    if (packets == 0 || frames < LEAST_DECODED * packets) {
      throw new InputFailure("only " + frames + " of the first " + packets + " pictures can be decoded by it");
    }
  }

  private Repaired repaired(
      String template, BrokenMedia media, Path out, MdatWalk.Found found, boolean heard, boolean soundExpected)
      throws IOException, InterruptedException {
    RepairedCheck.Sound sound = check.check(out);
    String note =
        soundExpected && !heard ? "the sound could not be told apart: picture alone" : "the pictures are evenly spaced";
    RepairReport report =
        new RepairReport(
            media.kind().words(), RepairReport.Method.REBUILD, sound.tracks(), sound.seconds(), media.size(),
            found.bytesUsed(), template, note);
    return new Repaired(Optional.of(out), report);
  }
}
