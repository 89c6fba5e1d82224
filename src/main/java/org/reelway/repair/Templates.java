package org.reelway.repair;

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

/** Finished recordings beside a broken one that the same encoder may have made. */
public final class Templates {
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final int MOST = 4;
  private static final int MOST_LOOKED_AT = 100_000;

  /**
   * The likeliest first: names that are the same but for their numbers (times, parts), then those that begin alike; of
   * equals the one that is nearest in time. Whether one fits, only its use tells.
   */
  public List<Path> of(Path broken) throws IOException {
    Path folder = broken.toAbsolutePath().getParent();
    String name = broken.getFileName().toString();
    List<Candidate> candidates = new ArrayList<>();
    long time = Files.getLastModifiedTime(broken).toMillis();
    int looked = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (++looked > MOST_LOOKED_AT) {
          break;
        }
        if (!file.getFileName().equals(broken.getFileName()) && isMp4Name(file)) {
          Candidate.of(file, name, time).ifPresent(candidates::add);
        }
      }
    }
    return candidates.stream()
        .sorted(Comparator.comparingInt(Candidate::alike).reversed().thenComparingLong(Candidate::apart))
        .limit(MOST)
        .map(Candidate::file)
        .toList();
  }

  private static boolean isMp4Name(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && (name.endsWith(".mp4") || name.endsWith(".m4v") || name.endsWith(".mov"));
  }

  /** @param alike how much the names are; @param apart milliseconds between the last writes */
  private record Candidate(Path file, int alike, long apart) {
    static Optional<Candidate> of(Path file, String brokenName, long time) {
      try {
        String name = file.getFileName().toString();
        long apart = Math.abs(Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis() - time);
        return Optional.of(new Candidate(file, likeness(stem(name), stem(brokenName)), apart));
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
