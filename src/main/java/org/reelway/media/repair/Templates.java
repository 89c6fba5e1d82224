package org.reelway.media.repair;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finished recordings near a broken one that the same encoder may have made. */
public final class Templates {
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final int MOST = 4;
  private static final int MOST_LOOKED_AT = 100_000;
  private static final int MOST_FOLDERS = 1000;

  /**
   * The likeliest first: names that are the same but for their numbers (times, parts), then those that begin alike; of
   * equals first those of its own folder, then the one that is nearest in time. Whether one fits, only its use tells.
   *
   * @param within its recordings folder. Some servers make a folder for each session below it, so the folders beside the
   *     recording's own are looked into as well, as long as they lie in this one; its own folder where nothing is known
   */
  public List<Path> of(Path broken, Path within) throws IOException {
    Path own = broken.toAbsolutePath().normalize().getParent();
    List<Path> folders = new ArrayList<>(List.of(own));
    if (own.startsWith(within) && !own.equals(within)) {
      folders.addAll(beside(own));
    }
    String name = broken.getFileName().toString();
    List<Candidate> candidates = new ArrayList<>();
    long time = Files.getLastModifiedTime(broken).toMillis();
    int looked = 0;
    for (Path folder : folders) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          if (++looked > MOST_LOOKED_AT) {
            break;
          }
          if (!file.equals(own.resolve(name)) && isMp4Name(file)) {
            Candidate.of(file, name, time, folder.equals(own)).ifPresent(candidates::add);
          }
        }
      } catch (IOException e) {
        if (folder.equals(own)) {
          throw e;
        }
      }
    }
    return candidates.stream()
        .sorted(
            Comparator.comparingInt(Candidate::alike)
                .reversed()
                .thenComparing(candidate -> !candidate.own())
                .thenComparingLong(Candidate::apart))
        .limit(MOST)
        .map(Candidate::file)
        .toList();
  }

  /** Those of alike names first: there may be more than are looked into. Hidden ones are programs' own. */
  private static List<Path> beside(Path own) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(own.getParent())) {
      for (Path folder : folders) {
        boolean hidden = folder.getFileName().toString().startsWith(".");
        if (!hidden && !folder.equals(own) && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
          all.add(folder);
        }
      }
    }
    String name = own.getFileName().toString();
    all.sort(Comparator.comparingInt((Path folder) -> Candidate.likeness(folder.getFileName().toString(), name)).reversed());
    return all.subList(0, Math.min(all.size(), MOST_FOLDERS));
  }

  private static boolean isMp4Name(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && (name.endsWith(".mp4") || name.endsWith(".m4v") || name.endsWith(".mov"));
  }

  /** @param alike how much the names are; @param apart milliseconds between the last writes; @param own its folder */
  private record Candidate(Path file, int alike, long apart, boolean own) {
    static Optional<Candidate> of(Path file, String brokenName, long time, boolean own) {
      try {
        String name = file.getFileName().toString();
        long apart = Math.abs(Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis() - time);
        return Optional.of(new Candidate(file, likeness(stem(name), stem(brokenName)), apart, own));
      } catch (IOException goneMeanwhile) {
        return Optional.empty();
      }
    }

    private static String stem(String name) {
      String shape = DIGITS.matcher(name).replaceAll("#");
      int dot = shape.indexOf('.', 1);
      return dot > 0 ? shape.substring(0, dot) : shape;
    }

    private static int likeness(String one, String other) {
      if (one.equals(other)) {
        return Integer.MAX_VALUE;
      }
      int same = 0;
      while (same < Math.min(one.length(), other.length()) && one.charAt(same) == other.charAt(same)) {
        same++;
      }
      return same;
    }
  }
}
