package org.reelway.stream.recorder;

import java.nio.file.Path;

/**
 * A file that is being written.
 *
 * @param file as it is called now
 * @param name that it will have; what of it is known later only stands in it as in its template, such as {@code {endTime}}
 */
public record OpenFile(Path file, String name) {
  /** One that keeps its name. */
  public static OpenFile of(Path file) {
    return new OpenFile(file, file.getFileName().toString());
  }
}
