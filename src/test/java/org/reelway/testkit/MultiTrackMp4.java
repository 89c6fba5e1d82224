package org.reelway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.reelway.media.tracks.TrackMetadata;

/**
 * A recording of several streams as one MP4, made by the real ffmpeg: each take a track pair that begins when its stream
 * came, by its edit list. Pictures are of one colour, and white for a fifth of a second at each beat, when there is a beep
 * as well.
 */
public final class MultiTrackMp4 {
  private static final double FLASH = 0.2;

  private final List<Take> takes = new ArrayList<>();
  private final List<String> options = new ArrayList<>();

  /** A stream from when it came until it left. */
  private record Take(TrackMetadata whose, double start, double seconds, List<Double> beats, List<String> sources) {}

  /** More options of ffmpeg's output. */
  public MultiTrackMp4 with(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** @param beats seconds of the take's own time */
  public Of take(String name, String session, double start, double seconds, double... beats) {
    List<Double> times = new ArrayList<>();
    for (double beat : beats) {
      times.add(beat);
    }
    takes.add(new Take(new TrackMetadata(name, session), start, seconds, times, new ArrayList<>()));
    return new Of(takes.get(takes.size() - 1));
  }

  /** What a take is made of. */
  public final class Of {
    private final Take take;

    private Of(Take take) {
      this.take = take;
    }

    public Of video(String colour, int width, int height, int fps) {
      String flashes = flashes();
      take.sources.add(
          format("color=c=%s:s=%dx%d:r=%d:d=%f", colour, width, height, fps, take.seconds)
              + (flashes.isEmpty() ? "" : ",drawbox=t=fill:c=white:enable='" + flashes + "'"));
      return this;
    }

    /** A tone at the beats, silence else. @param layout mono or stereo */
    public Of audio(int hertz, int rate, String layout) {
      String tone = format("0.4*sin(2*PI*%d*t)*(%s)", hertz, flashes().isEmpty() ? "1" : flashes());
      String all = layout.equals("mono") ? tone : tone + "|" + tone;
      take.sources.add(format("aevalsrc='%s':c=%s:s=%d:d=%f", all, layout, rate, take.seconds));
      return this;
    }

    /** Any source of ffmpeg's lavfi device. */
    public Of source(String graph) {
      take.sources.add(graph);
      return this;
    }

    public MultiTrackMp4 and() {
      return MultiTrackMp4.this;
    }

    private String flashes() {
      return String.join("+", take.beats.stream().map(at -> format("between(t,%f,%f)", at, at + FLASH)).toList());
    }
  }

  public Path write(Path file) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("-v", "error", "-y"));
    List<String> maps = new ArrayList<>();
    List<TrackMetadata> whose = new ArrayList<>();
    for (Take take : takes) {
      for (String source : take.sources) {
        command.addAll(List.of("-itsoffset", format("%f", take.start), "-f", "lavfi", "-i", source));
        maps.addAll(List.of("-map", Integer.toString(whose.size())));
        whose.add(take.whose);
      }
    }
    command.addAll(maps);
    command.addAll(List.of("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"));
    command.addAll(options);
    command.add(file.toString());
    Ffmpeg.run(command);
    // Its index is at the end: it can grow without moving what it points at.
    Files.write(file, named(Files.readAllBytes(file), whose));
    return file;
  }

  private static byte[] named(byte[] file, List<TrackMetadata> whose) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int at = 0;
    while (bytes.getInt(at + 4) != 0x6d6f6f76) {
      at += bytes.getInt(at);
    }
    ByteArrayOutputStream moov = new ByteArrayOutputStream();
    int track = 0;
    for (int inner = at + 8; inner < at + bytes.getInt(at); inner += bytes.getInt(inner)) {
      boolean trak = bytes.getInt(inner + 4) == 0x7472616b;
      byte[] more = trak ? whose.get(track++).toBytes() : new byte[0];
      int size = bytes.getInt(inner);
      moov.writeBytes(ByteBuffer.allocate(4).putInt(size + more.length).array());
      moov.write(file, inner + 4, size - 4);
      moov.writeBytes(more);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(file, 0, at);
    all.writeBytes(ByteBuffer.allocate(8).putInt(moov.size() + 8).putInt(0x6d6f6f76).array());
    all.writeBytes(moov.toByteArray());
    return all.toByteArray();
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
