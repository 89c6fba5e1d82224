package org.reelway.media.repair;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.reelway.failure.InputFailure;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.container.ContainerCheck;

/** Whether a repaired file deserves the name: whole by its structure, and media by ffprobe, packet by packet. */
final class RepairedCheck {
  private final BackgroundFfmpeg ffmpeg;
  private final ContainerCheck containers = new ContainerCheck();

  RepairedCheck(BackgroundFfmpeg ffmpeg) {
    this.ffmpeg = ffmpeg;
  }

  /** What a sound file holds. */
  record Sound(List<RepairReport.Track> tracks, double seconds) {}

  /** @throws InputFailure it is not whole, has no packets of picture or sound, or lasts no time */
  Sound check(Path file) throws IOException, InterruptedException {
    ContainerCheck.Verdict verdict = containers.check(file);
    if (!verdict.isWhole()) {
      throw new InputFailure("the repaired file is not whole: " + verdict.reason());
    }
    JsonNode answer =
        ffmpeg.probe(
            file, "stream=codec_type,codec_name,nb_read_packets,duration:format=duration", List.of("-count_packets"));
    List<RepairReport.Track> tracks = new ArrayList<>();
    for (JsonNode stream : answer.path("streams")) {
      String type = stream.path("codec_type").asText();
      long packets = stream.path("nb_read_packets").asLong();
      if (packets > 0 && (type.equals("video") || type.equals("audio"))) {
        tracks.add(new RepairReport.Track(type, stream.path("codec_name").asText("unknown"), packets));
      }
    }
    double seconds = answer.path("format").path("duration").asDouble();
    if (tracks.isEmpty() || seconds <= 0) {
      throw new InputFailure("the repaired file has no picture and no sound that lasts");
    }
    return new Sound(tracks, seconds);
  }
}
