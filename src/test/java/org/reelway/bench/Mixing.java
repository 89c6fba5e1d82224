package org.reelway.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.reelway.conference.mixer.MixRun;
import org.reelway.conference.mixer.MixerFile;
import org.reelway.media.ffmpeg.Launcher;
import org.reelway.testkit.LiveEncoder;

/** Four 720p tracks: the mixer beside the plainest command of ffmpeg for the same picture, in turn; medians. */
final class Mixing implements Section {
  private static final String NAME = "mix: four tracks of 1280x720 and sound";
  private static final int RUNS = 3;
  private static final String PICTURE =
      "[0:v:0]scale=640:360[a];[0:v:1]scale=640:360[b];[0:v:2]scale=640:360[c];[0:v:3]scale=640:360[d];"
          + "[a][b][c][d]xstack=inputs=4:layout=0_0|640_0|0_360|640_360,fps=30[v];"
          + "[0:a:0][0:a:1][0:a:2][0:a:3]amix=inputs=4:normalize=0[s]";

  private final Workload workload;
  private final Report report;
  private final int seconds;

  Mixing(Workload workload, Report report, int seconds) {
    this.workload = workload;
    this.report = report;
    this.seconds = seconds;
  }

  @Override
  public void measure() throws Exception {
    Path folder = workload.folder("mix");
    try {
      Path recording = recording(folder);
      List<Double> plain = new ArrayList<>();
      List<Double> threads = new ArrayList<>();
      List<Double> one = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        plain.add(seconds(() -> run(plain(recording, folder.resolve("plain.mp4")))));
        threads.add(seconds(() -> mix(recording, true)));
        one.add(seconds(() -> mix(recording, false)));
      }
      row("ffmpeg, plain command, same priority", median(plain), "");
      row("Reelway, multithreading", median(threads),
          Row.number("%.2f of the plain command's time", median(threads) / median(plain)));
      row("Reelway, one processor", median(one), Row.number("multithreading is %.2f times faster",
          median(one) / median(threads)));
    } finally {
      workload.remove(folder);
    }
  }

  private void row(String what, double wall, String note) {
    report.add(new Row(NAME, what, "-", 0, new Cost(0, wall, 0), note));
  }

  private Path recording(Path folder) throws Exception {
    Path recording = folder.resolve("four.mp4");
    List<String> words = new ArrayList<>(List.of(LiveEncoder.PROGRAMS.ffmpeg().toString(), "-v", "error", "-y"));
    for (int i = 0; i < 4; i++) {
      words.addAll(List.of("-f", "lavfi", "-i", "testsrc2=s=1280x720:r=30:d=" + seconds));
      words.addAll(List.of("-f", "lavfi", "-i", "sine=" + (i + 1) * 220 + ":r=48000:d=" + seconds));
    }
    for (int i = 0; i < 8; i++) {
      words.addAll(List.of("-map", Integer.toString(i)));
    }
    words.addAll(List.of("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-b:v", "2000k", "-c:a", "aac"));
    words.add(recording.toString());
    run(words);
    return recording;
  }

  private static List<String> plain(Path recording, Path out) {
    List<String> words = new ArrayList<>(new Launcher().lowPriority());
    words.addAll(List.of(LiveEncoder.PROGRAMS.ffmpeg().toString(), "-v", "error", "-y", "-i", recording.toString()));
    words.addAll(List.of("-filter_complex", PICTURE, "-map", "[v]", "-map", "[s]", "-c:v", "libx264", "-preset"));
    words.addAll(List.of("veryfast", "-pix_fmt", "yuv420p", "-b:v", "2000k", "-maxrate", "4000k", "-bufsize", "8000k"));
    words.addAll(List.of("-g", "60", "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", out.toString()));
    return words;
  }

  private static Void mix(Path recording, boolean multithreading) throws Exception {
    Path settings = Files.writeString(recording.resolveSibling("mixer.json"),
        "{\"minAvailableSpace\": 0, \"mixerDisplayStreamName\": false, \"multithreading\": " + multithreading + "}");
    new MixRun(recording, MixerFile.read(settings), Optional.empty(), LiveEncoder.PROGRAMS).run();
    return null;
  }

  private static Void run(List<String> command) throws Exception {
    int exitCode = new ProcessBuilder(command).inheritIO().redirectInput(Path.of("/dev/null").toFile()).start().waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException(command + " ended with " + exitCode);
    }
    return null;
  }

  private static double seconds(Callable<Void> work) throws Exception {
    long before = System.nanoTime();
    work.call();
    return (System.nanoTime() - before) / 1e9;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted(Comparator.naturalOrder()).toList().get(values.size() / 2);
  }
}
