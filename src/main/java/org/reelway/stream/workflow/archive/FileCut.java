package org.reelway.stream.workflow.archive;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.reelway.failure.InputFailure;
import org.reelway.media.ffmpeg.AllowedInputs;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts a part out of a media file into MP4. As a copy it begins with the key picture at or before its start. Exactly,
 * only what is before the first key picture in it and behind the last one is encoded anew, with parameter sets of
 * another number, so that all of it is one track; what comes of that is compared with what it was made of, and where
 * it is not the same, or the source does not allow it, all pictures are encoded anew.
 */
final class FileCut {
  private static final Logger LOG = LoggerFactory.getLogger(FileCut.class);
  private static final long SECOND = 1_000_000;
  /** Times of parts are kept this far from zero: a transport stream has none below. */
  private static final long AHEAD = 10 * SECOND;
  private static final long COMPARED = 4 * SECOND;
  private static final String QUALITY = "18";

  private final BackgroundFfmpeg ffmpeg;
  private final Path work;

  /** How much was encoded anew. */
  enum How {
    COPY,
    EDGES,
    WHOLE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** @param work folder that is deleted by whoever made it */
  FileCut(BackgroundFfmpeg ffmpeg, Path work) {
    this.ffmpeg = ffmpeg;
    this.work = work;
  }

  /**
   * @param media one file, whose pictures begin with a key picture; deleted
   * @param from microseconds from its first picture, as is the end
   * @param out {@code .mp4}
   * @throws InputFailure it cannot be read, or nothing is in the section
   */
  How cut(Path media, long from, long to, boolean isExact, Path out) throws IOException, InterruptedException {
    Path whole = work.resolve("whole.mp4");
    List<String> all = input(media);
    all.addAll(List.of("-map", "0:v:0?", "-map", "0:a?", "-ignore_unknown", "-c", "copy", "-f", "mp4", "file:" + whole));
    ffmpeg.run(all);
    Files.delete(media);
    JsonNode track =
        ffmpeg.probe(whole, "stream=codec_type,codec_name,field_order,start_time", List.of()).path("streams").path(0);
    long first = Math.round(track.path("start_time").asDouble() * SECOND);
    PictureTimes times = new PictureTimes(first + from, first + to);
    ffmpeg.pictures(whole, times::take);
    How how;
    if (!track.path("codec_type").asText().equals("video")) {
      how = copy(whole, first + from, first + to, out);
    } else if (times.count() == 0) {
      throw new InputFailure("no picture is in the section");
    } else if (!isExact) {
      how = copy(whole, Math.min(first + from, times.keyBefore().shown()) + PictureTimes.EPSILON, first + to, out);
    } else {
      how = exact(whole, track, times, first + to, out);
    }
    Files.delete(whole);
    return how;
  }

  /** @param at where to look for the key picture */
  private How copy(Path whole, long at, long to, Path out) throws InterruptedException {
    List<String> all = seeking(whole, at, to);
    all.addAll(List.of("-map", "0", "-c", "copy", "-avoid_negative_ts", "make_zero"));
    all.addAll(finished(out));
    ffmpeg.run(all);
    return How.COPY;
  }

  private How exact(Path whole, JsonNode track, PictureTimes times, long to, Path out)
      throws IOException, InterruptedException {
    String order = track.path("field_order").asText("progressive");
    boolean isPlain =
        track.path("codec_name").asText().equals("h264") && (order.equals("progressive") || order.equals("unknown"));
    if (isPlain && times.canBeJoined()) {
      try {
        edges(whole, times, to, out);
        if (isSame(whole, times, to, out)) {
          return times.beginsWithKey() && times.endsBeforeKey() ? How.COPY : How.EDGES;
        }
        LOG.warn("{} is not what it was made of where it is joined; all of it is encoded anew", out.getFileName());
      } catch (InputFailure e) {
        LOG.warn("{} cannot be joined ({}); all of it is encoded anew", out.getFileName(), e.getMessage());
      }
    } else {
      LOG.info(
          "{} is encoded anew from its start to its end: {}", out.getFileName(),
          isPlain ? "no key picture in it can be begun with" : "only progressive H.264 is joined");
    }
    List<String> all = seeking(whole, times.firstShown() - PictureTimes.EPSILON, to - PictureTimes.EPSILON);
    all.addAll(List.of("-map", "0:v:0", "-map", "0:a?", "-copypriorss:a", "0", "-c:a", "copy"));
    all.addAll(encoded());
    all.addAll(List.of("-pix_fmt", "yuv420p"));
    all.addAll(finished(out));
    ffmpeg.run(all);
    return How.WHOLE;
  }

  private void edges(Path whole, PictureTimes times, long to, Path out) throws IOException, InterruptedException {
    long begin = times.firstShown();
    PictureTimes.Key key = times.firstKey();
    PictureTimes.Key last = times.lastKey();
    long delay = key.shown() - key.decoded();
    Path joined = work.resolve("joined.ts");
    Files.deleteIfExists(joined);
    if (!times.beginsWithKey()) {
      join(encodedPart(whole, begin, key.shown(), begin, delay), joined);
    }
    join(copiedPart(whole, key.shown(), times.goesOn() ? last.decoded() : Long.MAX_VALUE, begin), joined);
    if (!times.endsBeforeKey()) {
      join(encodedPart(whole, last.shown(), to, begin, delay), joined);
    }
    Path sound = work.resolve("sound.mp4");
    boolean hasSound =
        !ffmpeg.probe(whole, "stream=codec_type", List.of("-select_streams", "a")).path("streams").isEmpty();
    List<String> all = new ArrayList<>(List.of("-copyts", "-itsoffset", seconds(-AHEAD)));
    all.addAll(input(joined));
    if (hasSound) {
      List<String> heard = seeking(whole, begin, to);
      heard.addAll(List.of("-map", "0:a", "-c", "copy", "-copypriorss", "0", "-f", "mp4", "file:" + sound));
      ffmpeg.run(heard);
      all.addAll(input(sound));
      all.addAll(List.of("-map", "0:v:0", "-map", "1:a"));
    }
    all.addAll(List.of("-c", "copy"));
    all.addAll(finished(out));
    ffmpeg.run(all);
    Files.delete(joined);
    Files.deleteIfExists(sound);
  }

  /** Times of a part are those of the cut, with some seconds added. */
  private List<String> part(long begin) {
    return List.of(
        "-muxdelay", "0", "-muxpreload", "0", "-mpegts_copyts", "1", "-output_ts_offset", seconds(AHEAD - begin), "-f", "mpegts",
        "file:" + work.resolve("part.ts"));
  }

  private Path encodedPart(Path whole, long from, long to, long begin, long delay) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of("-copyts"));
    all.addAll(until(seekingOnly(whole, from - PictureTimes.EPSILON), to - PictureTimes.EPSILON));
    all.addAll(List.of("-map", "0:v:0"));
    all.addAll(encoded());
    all.addAll(
        List.of("-bf", "0", "-x264-params", "sps-id=1:repeat-headers=1", "-bsf:v", "setts=dts=PTS-" + seconds(delay) + "/TB"));
    all.addAll(part(begin));
    ffmpeg.run(all);
    return work.resolve("part.ts");
  }

  private Path copiedPart(Path whole, long from, long toDecoded, long begin) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of("-copyts"));
    all.addAll(seekingOnly(whole, from + PictureTimes.EPSILON));
    if (toDecoded < Long.MAX_VALUE) {
      until(all, toDecoded - PictureTimes.EPSILON);
    }
    all.addAll(List.of("-map", "0:v:0", "-c", "copy", "-bsf:v", "h264_mp4toannexb"));
    all.addAll(part(begin));
    ffmpeg.run(all);
    return work.resolve("part.ts");
  }

  private static void join(Path part, Path joined) throws IOException {
    try (OutputStream all =
        Files.newOutputStream(joined, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      Files.copy(part, all);
    }
    Files.delete(part);
  }

  /** Whether all pictures are there, and those on both sides of what was joined are shown as they were. */
  private boolean isSame(Path whole, PictureTimes times, long to, Path out) throws InterruptedException {
    long[] count = {0};
    ffmpeg.pictures(out, line -> count[0] += line.isBlank() ? 0 : 1);
    if (count[0] != times.count()) {
      return false;
    }
    long begin = times.firstShown();
    long key = times.firstKey().shown();
    long last = times.endsBeforeKey() ? to : times.lastKey().shown();
    long length = Math.min(COMPARED, last - key);
    long before = Math.min(SECOND, key - begin);
    List<String> cut = hashes(out, key - begin - before, before + length);
    List<String> source = hashes(whole, key, length);
    boolean isBegun = cut.size() >= source.size() && cut.subList(cut.size() - source.size(), cut.size()).equals(source);
    cut = hashes(out, last - begin - length, length + SECOND);
    source = hashes(whole, last - length, length);
    return isBegun && !source.isEmpty() && cut.size() >= source.size() && cut.subList(0, source.size()).equals(source);
  }

  private List<String> hashes(Path file, long from, long length) throws InterruptedException {
    List<String> hashes = new ArrayList<>();
    List<String> all = seeking(file, Math.max(0, from - PictureTimes.EPSILON), from - PictureTimes.EPSILON + length);
    all.addAll(List.of("-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framemd5", "pipe:1"));
    ffmpeg.run(all, line -> {
      if (!line.startsWith("#")) {
        hashes.add(line.substring(line.lastIndexOf(',') + 1).strip());
      }
    });
    return hashes;
  }

  /** Puts files one behind the other. */
  void chain(List<Path> files, Path out) throws IOException, InterruptedException {
    Path list = work.resolve("list.txt");
    StringBuilder text = new StringBuilder("ffconcat version 1.0\n");
    files.forEach(file -> text.append("file ").append(file.getFileName()).append('\n'));
    Files.write(list, text.toString().getBytes(StandardCharsets.UTF_8));
    List<String> all =
        new ArrayList<>(
            List.of(
                "-protocol_whitelist", "file", "-format_whitelist", "concat,mov", "-f", "concat", "-i", "file:" + list,
                "-map", "0", "-c", "copy"));
    all.addAll(finished(out));
    ffmpeg.run(all);
  }

  private static List<String> encoded() {
    return List.of(
        "-fps_mode", "passthrough", "-enc_time_base", "demux", "-c:v", "libx264", "-preset", "veryfast", "-crf", QUALITY);
  }

  private static List<String> finished(Path out) {
    return List.of("-movflags", "+faststart", "-f", "mp4", "file:" + out);
  }

  private static List<String> input(Path file) {
    List<String> all = new ArrayList<>(AllowedInputs.file());
    all.addAll(List.of("-i", "file:" + file.toAbsolutePath()));
    return all;
  }

  private static List<String> seekingOnly(Path file, long from) {
    List<String> all = new ArrayList<>(List.of("-seek_timestamp", "1", "-ss", seconds(from)));
    all.addAll(input(file));
    return all;
  }

  private static List<String> seeking(Path file, long from, long to) {
    List<String> all = seekingOnly(file, from);
    all.addAll(List.of("-t", seconds(to - from)));
    return all;
  }

  private static List<String> until(List<String> input, long to) {
    input.addAll(List.of("-to", seconds(to)));
    return input;
  }

  private static String seconds(long micros) {
    String sign = micros < 0 ? "-" : "";
    return String.format(Locale.ROOT, "%s%d.%06d", sign, Math.abs(micros) / SECOND, Math.abs(micros) % SECOND);
  }
}
