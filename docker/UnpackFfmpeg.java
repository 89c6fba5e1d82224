import java.nio.file.Path;
import org.reelway.media.ffmpeg.FfmpegPrograms;

/** Run while the image is built: unpacks the bundled ffmpeg, so that a container never has to. Argument: the folder. */
final class UnpackFfmpeg {
  public static void main(String[] arguments) {
    System.out.println(FfmpegPrograms.bundled(Path.of(arguments[0])).ffmpeg().getParent());
  }
}
