package org.reelway.camel.http;

import java.io.IOException;
import java.io.InputStream;
import org.reelway.failure.OurFailure;

/** Pages and what belongs to them, from the class path. */
public final class PageFiles {
  private PageFiles() {}

  /** @param name with its folder, such as {@code /player/player.js} */
  public static byte[] read(String name) {
    try (InputStream file = PageFiles.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new OurFailure("the file " + name.substring(1) + " is missing in this build; build it with mvn package", null);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new OurFailure("the file " + name.substring(1) + " cannot be read: " + e, e);
    }
  }
}
