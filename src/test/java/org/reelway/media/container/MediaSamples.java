package org.reelway.media.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.reelway.media.ffmpeg.FfmpegPrograms;

/** Small real media files, made by the bundled ffmpeg. */
public final class MediaSamples {
  private static final List<String> PICTURE_AND_SOUND =
      List.of(
          "-f", "lavfi", "-i", "testsrc2=size=192x108:rate=25",
          "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000");
  private static final List<String> H264_AAC =
      List.of("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25", "-c:a", "aac");

  private final Path folder;
  private final Path ffmpeg;

  public MediaSamples(Path folder) {
    this.folder = folder;
    this.ffmpeg = FfmpegPrograms.bundled(Path.of("target", "ffmpeg")).ffmpeg();
  }

  public Path mp4() throws Exception {
    return h264("plain.mp4");
  }

  public Path faststart() throws Exception {
    return h264("faststart.mp4", "-movflags", "+faststart");
  }

  public Path fragmented() throws Exception {
    return h264("fragmented.mp4", "-movflags", "+frag_keyframe+empty_moov+default_base_moof");
  }

  public Path mov() throws Exception {
    return h264("quicktime.mov");
  }

  public Path m4a() throws Exception {
    return made("sound.m4a", List.of("-vn", "-c:a", "aac"), List.of());
  }

  public Path ts() throws Exception {
    return h264("transport.ts");
  }

  public Path m2ts() throws Exception {
    return h264("timestamped.m2ts");
  }

  public Path flv() throws Exception {
    return h264("flash.flv");
  }

  public Path mkv() throws Exception {
    return h264("closed.mkv");
  }

  public Path webm() throws Exception {
    List<String> codecs = List.of("-c:v", "libvpx", "-deadline", "realtime", "-g", "25", "-c:a", "libopus");
    return made("closed.webm", codecs, List.of());
  }

  /** As a live writer that cannot seek: the segment's size is not known. */
  public Path liveMkv() throws Exception {
    return h264("live.mkv", "-live", "1", "-cluster_time_limit", "500");
  }

  private Path h264(String name, String... options) throws Exception {
    return made(name, H264_AAC, List.of(options));
  }

  private Path made(String name, List<String> codecs, List<String> options) throws Exception {
    Path file = folder.resolve(name);
    List<String> command = command(file, codecs, options, List.of("-t", "3"));
    Path said = Files.createTempFile(folder, "ffmpeg", ".log");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor()).as("%s: %s", command, Files.readString(said)).isZero();
    return file;
  }

  /** An ffmpeg that writes, at a live pace, until it is ended. */
  public Process writing(Path file) throws IOException {
    List<String> slow = new ArrayList<>(command(file, H264_AAC, List.of("-flush_packets", "1"), List.of()));
    slow.add(slow.indexOf("-f"), "-re");
    return new ProcessBuilder(slow)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<String> command(Path file, List<String> codecs, List<String> options, List<String> length) {
    List<String> command = new ArrayList<>(List.of(ffmpeg.toString(), "-nostdin", "-loglevel", "error", "-y"));
    command.addAll(PICTURE_AND_SOUND);
    command.addAll(length);
    command.addAll(codecs);
    command.addAll(options);
    command.add("file:" + file);
    return command;
  }
}
