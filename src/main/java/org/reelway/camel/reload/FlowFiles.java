package org.reelway.camel.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is in the folders of routes and kamelets at one moment.
 *
 * @param routes by file name, {@code *.camel.yaml}
 * @param kamelets by their own name
 */
record FlowFiles(SortedMap<String, FlowFile> routes, SortedMap<String, FlowFile> kamelets) {
  private static final String ROUTES = ".camel.yaml";
  private static final String KAMELETS = ".kamelet.yaml";

  /** @throws IOException a file cannot be read, or is no YAML */
  static FlowFiles read(Path routes, Path kamelets) throws IOException {
    SortedMap<String, FlowFile> named = new TreeMap<>();
    read(kamelets, KAMELETS).forEach((file, content) -> named.put(file.replace(KAMELETS, ""), content));
    return new FlowFiles(read(routes, ROUTES), named);
  }

  private static SortedMap<String, FlowFile> read(Path folder, String ending) throws IOException {
    SortedMap<String, FlowFile> all = new TreeMap<>();
    for (Path file : files(folder, ending).keySet()) {
      all.put(file.getFileName().toString(), FlowFile.parse(file, Files.readString(file)));
    }
    return all;
  }

  /** Differs where a file was written, added or removed. */
  static Map<Path, String> stamps(Path routes, Path kamelets) throws IOException {
    Map<Path, String> all = new TreeMap<>(files(routes, ROUTES));
    all.putAll(files(kamelets, KAMELETS));
    return all;
  }

  private static Map<Path, String> files(Path folder, String ending) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Map.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      // What an editor puts beside a file, such as Emacs a link to nowhere, is none.
      return files.filter(file -> file.getFileName().toString().endsWith(ending) && Files.isRegularFile(file))
          .collect(Collectors.toMap(file -> file, FlowFiles::stamp, (one, other) -> one, TreeMap::new));
    }
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.size() + " " + now.lastModifiedTime().toInstant() + " " + now.fileKey();
    } catch (IOException gone) {
      return "gone";
    }
  }
}
