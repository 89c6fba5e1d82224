package org.reelway.live.hds;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The base of the fragments that lie beside a bootstrap, for one that no manifest names: its own name without extension,
 * or the only one that there is.
 */
final class FolderBases implements FragmentBases {
  private static final Logger LOG = LoggerFactory.getLogger(FolderBases.class);
  private static final Pattern FRAGMENT = Pattern.compile("(.*)Seg\\d+-Frag\\d+", Pattern.DOTALL);

  private final Path bootstrap;
  private List<String> found = List.of();

  FolderBases(Path bootstrap) {
    this.bootstrap = bootstrap;
  }

  @Override
  public synchronized List<String> list() {
    if (found.isEmpty()) {
      found = look();
    }
    return found;
  }

  private List<String> look() {
    Set<String> bases = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(bootstrap.getParent(), "*Seg*-Frag*")) {
      for (Path file : files) {
        Matcher fragment = FRAGMENT.matcher(file.getFileName().toString());
        if (fragment.matches()) {
          bases.add(fragment.group(1));
        }
      }
    } catch (IOException away) {
      LOG.debug("{} cannot be looked at: {}", bootstrap.getParent(), away.toString());
    }
    String name = bootstrap.getFileName().toString();
    String stem = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    if (bases.contains(stem)) {
      return List.of(uri(stem));
    }
    return bases.size() == 1 ? List.of(uri(bases.iterator().next())) : List.of();
  }

  private static String uri(String name) {
    try {
      return "./" + new URI(null, null, "/" + name, null).toASCIIString().substring(1);
    } catch (URISyntaxException e) {
      throw new InputFailure("\"" + name + "\" cannot be the name of fragments", e);
    }
  }
}
