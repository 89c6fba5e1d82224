package org.reelway.media.repair;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks through a folder for unfinished files by their names alone, so that a hundred thousand finished ones cost little. */
public final class LeftBehindSearch {
  private static final Logger LOG = LoggerFactory.getLogger(LeftBehindSearch.class);

  private static final Pattern FINISHED =
      Pattern.compile(".+\\.(mp4|m4v|mov|m4a|ts|flv|mkv|webm|upload)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Files below the folder, links not followed. What cannot be looked into is passed over. */
  public List<Path> in(Path root) {
    List<Path> left = new ArrayList<>();
    Deque<Path> folders = new ArrayDeque<>(List.of(root));
    while (!folders.isEmpty()) {
      look(folders.pop(), folders, left);
    }
    return left;
  }

  /** Whether the name is that of a part of a recording of several streams. */
  public static boolean isScratch(Path file) {
    return LeftBehind.isScratch(file.getFileName().toString());
  }

  private static void look(Path folder, Deque<Path> folders, List<Path> left) {
    Set<String> names = new HashSet<>();
    List<Path> unfinished = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (LeftBehind.finalName(name).isPresent() || LeftBehind.isScratch(name)) {
          unfinished.add(entry);
        } else if (!hasMediaName(name) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          folders.push(entry);
        }
        names.add(name);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debug("{} was not searched for unfinished files: {}", folder, e.toString());
      return;
    }
    for (Path file : unfinished) {
      boolean isFile = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
      if (isFile && LeftBehind.isLeft(file.getFileName().toString(), names)) {
        left.add(file);
      }
    }
  }

  /** Spares a look at each of many finished files: who calls folders like files has nothing searched in them. */
  private static boolean hasMediaName(String name) {
    return FINISHED.matcher(name).matches();
  }
}
