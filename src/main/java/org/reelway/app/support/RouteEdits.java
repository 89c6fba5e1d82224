package org.reelway.app.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of a folder of routes or kamelets, beside those that are shipped. */
public final class RouteEdits {
  private static final long LARGEST = 1 << 20;

  private final String kind;
  private final Path used;
  private final Path shipped;

  /**
   * @param kind routes or kamelets: what the folder is called in the program's home and in its jar
   * @param used the folder that the settings name
   */
  public RouteEdits(String kind, Path used, Path home) {
    this.kind = kind;
    this.used = used;
    this.shipped = home.resolve(kind);
  }

  /** Every file, the shipped one of each that was edited, and a list that says which those are. */
  public void addTo(SupportBundle bundle) throws IOException {
    StringBuilder list = new StringBuilder(used.toAbsolutePath().normalize() + "\n");
    Set<String> names = names(used);
    for (String name : names) {
      Path file = used.resolve(name);
      String text = read(file);
      Optional<String> before = shipped(name);
      String is = before.isEmpty() ? "your own" : before.get().equals(text) ? "as shipped" : "edited";
      list.append(name).append(": ").append(is).append('\n');
      bundle.addWritten(kind + "/" + name, text);
      if (is.equals("edited")) {
        bundle.addWritten("shipped/" + kind + "/" + name, before.get());
      }
    }
    shippedNames().stream().filter(name -> !names.contains(name)).forEach(name -> list.append(name).append(": not there\n"));
    bundle.add(kind + ".txt", list.toString());
  }

  /** Of other bytes than UTF-8 there may be any. One that cannot be read may be the fault that is looked for. */
  private static String read(Path file) {
    try {
      return Files.size(file) > LARGEST ? "larger than " + LARGEST + " bytes\n"
          : new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "cannot be read: " + e + "\n";
    }
  }

  private static Set<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml") || name.endsWith(".yml")).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The jar has a copy, as the folder beside it may be the one that is edited. */
  private Optional<String> shipped(String name) throws IOException {
    try (InputStream copy = RouteEdits.class.getResourceAsStream("/shipped/" + kind + "/" + name)) {
      if (copy != null) {
        return Optional.of(new String(copy.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    Path beside = shipped.resolve(name);
    boolean isAnother = Files.isRegularFile(beside) && !Files.isSameFile(beside, used.resolve(name));
    return isAnother ? Optional.of(read(beside)) : Optional.empty();
  }

  private List<String> shippedNames() throws IOException {
    return names(shipped).stream().toList();
  }
}
