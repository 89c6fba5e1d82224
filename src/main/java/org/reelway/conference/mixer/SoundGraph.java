package org.reelway.conference.mixer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The sound of a plan as filters of ffmpeg. Each input is held to its time stamps, which makes up for clocks that drift and
 * fills holes with silence, and begins with as much silence as it comes late; then all are added up as they are, so that
 * nobody becomes louder or quieter because somebody else comes or leaves. A limiter is there for when all shout.
 */
final class SoundGraph {
  private static final int RATE = 48_000;
  private static final double MICROS = 1_000_000;

  private final MixPlan plan;

  SoundGraph(MixPlan plan) {
    this.plan = plan;
  }

  void chains(List<String> chains) {
    List<MixInput> inputs = plan.sounds();
    inputs.stream().filter(input -> !input.placed()).collect(Collectors.groupingBy(MixInput::index))
        .forEach((index, same) -> chains.add(
            "[1:a:" + index + "]asplit=" + same.size()
                + same.stream().map(input -> "[araw" + inputs.indexOf(input) + "]").collect(Collectors.joining())));
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      labels.add("[a" + i + "]");
      chains.add(input(inputs.get(i), i) + labels.get(i));
    }
    chains.add(
        String.join("", labels)
            + (inputs.size() == 1 ? "" : "amix=inputs=" + inputs.size() + ":normalize=0:duration=longest,")
            + "alimiter=limit=0.95:level=0" + FilterGraph.AUDIO);
  }

  private static String input(MixInput input, int number) {
    String source = input.placed()
        ? "[0:a:" + input.index() + "]"
        : format("[araw%d]atrim=start=%.6f:end=%.6f,asetpts=PTS+%.6f/TB,", number, input.mediaMicros() / MICROS,
            (input.mediaMicros() + input.endMicros() - input.startMicros()) / MICROS, input.shiftMicros() / MICROS);
    long start = samples(input.startMicros());
    // first_pts counts samples of the input, so the rate has to be ours by then. What comes out of adelay before the first
    // sample came in has no time stamps that can be used.
    // One channel is heard on both sides as it is; ffmpeg by itself would make it quieter than two equal ones.
    return source
        + format("aresample=%d,aresample=%1$d:async=1000:min_hard_comp=0.1:first_pts=%d,", RATE, start)
        + (input.mono() ? "aformat=sample_fmts=fltp:channel_layouts=mono,pan=stereo|c0=c0|c1=c0," : "")
        + "aformat=sample_fmts=fltp:channel_layouts=stereo,asetpts=N/SR/TB,"
        + (start > 0 ? "adelay=" + start + "S:all=1,asetpts=N/SR/TB," : "")
        + "atrim=end_sample=" + samples(input.endMicros());
  }

  private static long samples(long micros) {
    return Math.round(micros * (RATE / MICROS));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
