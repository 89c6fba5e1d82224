package org.reelway.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.reelway.media.tracks.MovieTracks;
import org.reelway.media.tracks.Track;

/** The pictures and the sound of a mix, decoded. Times are in seconds, places are shares of width and height. */
public final class MixedFilm {
  public static final int FPS = 25;
  private static final int WIDTH = 80;
  private static final int HEIGHT = 45;
  private static final int RATE = 48_000;
  private static final double LOUD = 0.15;

  private final List<byte[]> pictures;
  private final ShortBuffer sound;

  private MixedFilm(List<byte[]> pictures, ShortBuffer sound) {
    this.pictures = pictures;
    this.sound = sound;
  }

  public static MixedFilm of(Path file) throws Exception {
    return new MixedFilm(Ffmpeg.pictures(0, file, WIDTH, HEIGHT, "-r", "25"), sound(file, 0));
  }

  /** What is behind that time, as long as is told; all times are then from there on. */
  public static MixedFilm part(Path file, int from, int seconds) throws Exception {
    String length = Integer.toString(seconds);
    return new MixedFilm(
        Ffmpeg.pictures(from, file, WIDTH, HEIGHT, "-r", "25", "-t", length), sound(file, from, "-t", length));
  }

  public static MixedFilm soundOf(Path file) throws Exception {
    return new MixedFilm(List.of(), sound(file, 0));
  }

  private static ShortBuffer sound(Path file, int from, String... more) throws Exception {
    if (MovieTracks.of(file).stream().noneMatch(track -> track.kind() == Track.Kind.AUDIO)) {
      return ShortBuffer.allocate(0);
    }
    List<String> words =
        new ArrayList<>(List.of("-v", "error", "-ss", Integer.toString(from), "-i", file.toString(), "-map", "0:a:0"));
    words.addAll(List.of(more));
    words.addAll(List.of("-ac", "1", "-ar", "48000", "-f", "s16le", "-"));
    return ByteBuffer.wrap(Ffmpeg.bytes(words)).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
  }

  public int frames() {
    return pictures.size();
  }

  public double soundSeconds() {
    return (double) sound.limit() / RATE;
  }

  /** The colour there in words: red, blue, lime, yellow, white, black, else its numbers. */
  public String colour(double time, double x, double y) {
    return colour((int) Math.round(time * FPS), x, y);
  }

  private String colour(int frame, double x, double y) {
    byte[] picture = pictures.get(frame);
    int at = ((int) (y * HEIGHT) * WIDTH + (int) (x * WIDTH)) * 3;
    int code = bit(picture[at]) * 100 + bit(picture[at + 1]) * 10 + bit(picture[at + 2]);
    return switch (code) {
      case 0 -> "black";
      case 200 -> "red";
      case 20 -> "lime";
      case 2 -> "blue";
      case 220 -> "yellow";
      case 222 -> "white";
      default -> Integer.toString(code);
    };
  }

  private static int bit(byte value) {
    int level = value & 0xff;
    return level < 70 ? 0 : level > 180 ? 2 : 1;
  }

  /** The next time that it becomes white there: it is not now. */
  public double nextFlash(double from, double x, double y) {
    int frame = (int) Math.round(from * FPS);
    while (frame < pictures.size() && colour(frame, x, y).equals("white")) {
      frame++;
    }
    return flash((double) frame / FPS, x, y);
  }

  /** The next time that the tone begins: it is not heard now. */
  public double nextBeep(double from, int hertz) {
    int step = RATE / 500;
    int at = (int) (from * RATE);
    while (at + 4 * step < sound.limit() && level(at, 4 * step, hertz) > LOUD / 3) {
      at += step;
    }
    return beep((double) at / RATE, hertz);
  }

  /** When it becomes white there, from that time on. */
  public double flash(double from, double x, double y) {
    for (int frame = (int) Math.round(from * FPS); frame < pictures.size(); frame++) {
      if (colour(frame, x, y).equals("white")) {
        return (double) frame / FPS;
      }
    }
    throw new AssertionError("there is no flash after " + from + " s");
  }

  /** When the tone begins, from that time on. */
  public double beep(double from, int hertz) {
    int step = RATE / 500;
    for (int at = (int) (from * RATE); at + 4 * step < sound.limit(); at += step) {
      if (level(at, 4 * step, hertz) > LOUD) {
        return (at + 2.0 * step) / RATE;
      }
    }
    throw new AssertionError("there is no tone of " + hertz + " Hz after " + from + " s");
  }

  /** Amplitude of the tone, 0 to 1, over a tenth of a second. */
  public double level(double time, int hertz) {
    return level((int) (time * RATE), RATE / 10, hertz);
  }

  /** Goertzel's way: the share of one frequency. */
  private double level(int at, int length, int hertz) {
    double real = 0;
    double imaginary = 0;
    for (int i = 0; i < length; i++) {
      double angle = 2 * Math.PI * hertz * i / RATE;
      real += sound.get(at + i) / 32768.0 * Math.cos(angle);
      imaginary += sound.get(at + i) / 32768.0 * Math.sin(angle);
    }
    return 2 * Math.hypot(real, imaginary) / length;
  }
}
