package org.reelway.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Streams of different kinds, in each of which it flashes and beeps at every whole second, in all of them at the same moment:
 * they are encoded into one file and sent by one real ffmpeg, which has one clock. Each has a colour and a tone of its own.
 */
public final class Conference {
  private static final String BEAT = "lt(mod(t+0.001,1),0.2)";

  private final Path file;
  private final List<Of> streams;

  /**
   * @param video source of ffmpeg's lavfi device, such as {@code color=c=red:s=160x90:r=25}; empty for none
   * @param hertz of its tone; 0 for no sound
   */
  public record Of(String name, String video, int hertz, int rate, String layout) {
    private int tracks() {
      return (video.isEmpty() ? 0 : 1) + (hertz == 0 ? 0 : 1);
    }
  }

  private Conference(Path file, List<Of> streams) {
    this.file = file;
    this.streams = streams;
  }

  public static Conference encode(Path file, int seconds, Of... streams) throws Exception {
    List<String> command = new ArrayList<>(List.of("-v", "error", "-y"));
    int inputs = 0;
    for (Of each : streams) {
      if (!each.video.isEmpty()) {
        command.addAll(List.of("-f", "lavfi", "-i", each.video + ",drawbox=t=fill:c=white:enable='" + BEAT + "'"));
      }
      if (each.hertz > 0) {
        String tone = String.format(Locale.ROOT, "0.3*sin(2*PI*%d*t)*%s", each.hertz, BEAT);
        command.addAll(List.of("-f", "lavfi", "-i", "aevalsrc='" + (each.layout.equals("mono") ? tone : tone + "|" + tone)
            + "':c=" + each.layout + ":s=" + each.rate));
      }
      inputs += each.tracks();
    }
    for (int i = 0; i < inputs; i++) {
      command.addAll(List.of("-map", Integer.toString(i)));
    }
    command.addAll(List.of("-t", Integer.toString(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"));
    command.addAll(List.of("-force_key_frames", "expr:gte(t,n_forced)", "-c:a", "aac", file.toString()));
    Ffmpeg.run(command);
    return new Conference(file, List.of(streams));
  }

  public RtmpPublisher publish(NginxRtmp server) {
    List<String> outputs = new ArrayList<>();
    int track = 0;
    for (Of each : streams) {
      for (int i = 0; i < each.tracks(); i++) {
        outputs.addAll(List.of("-map", "0:" + track++));
      }
      outputs.addAll(List.of("-c", "copy", "-rtmp_app", "live", "-rtmp_playpath", each.name, "-f", "flv"));
      outputs.add("rtmp://" + server.address() + "/");
    }
    return RtmpPublisher.send(file, outputs);
  }
}
