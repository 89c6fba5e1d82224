package org.reelway.live.hds;

import java.util.ArrayList;
import java.util.List;
import org.reelway.failure.InputFailure;

/** Turns a URI that a manifest has into one that leads to the same place from a bootstrap that it names. */
final class BootstrapUri {
  private BootstrapUri() {}

  static String uri(String bootstrap, String uri) {
    boolean whole = uri.startsWith("/") || uri.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*");
    if (whole) {
      return uri;
    }
    List<String> from = folders(bootstrap);
    if (from.contains("..")) {
      throw new InputFailure(
          "the manifest names the bootstrap \"" + bootstrap + "\", which leads up; have it beside the manifest or below");
    }
    String[] to = uri.split("/", -1);
    int common = 0;
    while (common < from.size() && common < to.length - 1 && from.get(common).equals(to[common])) {
      common++;
    }
    String rest = String.join("/", List.of(to).subList(common, to.length));
    String up = "../".repeat(from.size() - common);
    return up.isEmpty() && rest.indexOf(':') >= 0 ? "./" + rest : up + rest;
  }

  private static List<String> folders(String uri) {
    List<String> folders = new ArrayList<>();
    String[] parts = uri.split("[?#]", 2)[0].split("/", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      if (!parts[i].isEmpty() && !parts[i].equals(".")) {
        folders.add(parts[i]);
      }
    }
    return folders;
  }
}
