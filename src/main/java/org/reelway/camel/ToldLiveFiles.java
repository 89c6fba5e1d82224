package org.reelway.camel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reelway.failure.InputFailure;
import org.reelway.live.ToldFiles;
import org.reelway.stream.server.ServerEvents;

/** The live folders that routes have, as media servers' events see them. */
final class ToldLiveFiles implements ServerEvents.Chunks {
  private final List<ToldFiles> folders = new CopyOnWriteArrayList<>();

  void add(ToldFiles folder) {
    folders.add(folder);
  }

  void remove(ToldFiles folder) {
    folders.remove(folder);
    folder.close();
  }

  @Override
  public void told(Path file) {
    ToldFiles first = null;
    for (ToldFiles folder : folders) {
      Optional<Path> inside = folder.locate(file);
      boolean meant = inside.isPresent() && (file.isAbsolute() || Files.exists(inside.get()));
      if (meant) {
        folder.told(inside.get());
        return;
      }
      first = first == null && inside.isPresent() ? folder : first;
    }
    if (first == null) {
      throw new InputFailure(
          "\"" + shown(file) + "\" is in none of the live folders " + folders.stream().map(ToldFiles::folder).toList()
              + "; name a file inside one of them, or set reelway.live.folder");
    }
    // Not there yet, or not any more.
    first.told(first.locate(file).orElseThrow());
  }

  private static String shown(Path file) {
    String text = file.toString().replaceAll("\\p{Cntrl}", "?");
    return text.length() > 200 ? text.substring(0, 200) + "..." : text;
  }
}
