package org.reelway.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.reelway.settings.SettingsException.Problem;

/**
 * A file in the syntax of {@link Properties#load(java.io.Reader)}, UTF-8, that knows its lines. {@code Properties}
 * itself reads each logical line, so that escapes mean here what they mean to every other reader of the file.
 */
final class PropertiesFile {
  private final String name;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private boolean read = true;

  /** A key with its value, and the line (from 1) where it starts. */
  record Entry(int line, String key, String value) {}

  private PropertiesFile(Path path) {
    this.name = path.toString();
  }

  static PropertiesFile read(Path path) {
    PropertiesFile file = new PropertiesFile(path);
    try {
      file.parse(file.decode(Files.readAllBytes(path)));
    } catch (NoSuchFileException e) {
      file.unreadable(file.name, "there is no such file; name another with -c, or create it");
    } catch (AccessDeniedException e) {
      file.unreadable(file.name, "may not be read by this user; change its permissions");
    } catch (IOException e) {
      file.unreadable(file.name, Files.isDirectory(path)
          ? "is a folder, not a file; name the settings file"
          : "cannot be read: " + e.getMessage());
    }
    return file;
  }

  /** In the order of the file; a key that is given twice is here twice. */
  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Whether its text could be read at all. */
  boolean isRead() {
    return read;
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  String where(Entry entry) {
    return where(entry.line());
  }

  private String where(int line) {
    return name + ":" + line;
  }

  private void unreadable(String where, String why) {
    read = false;
    problems.add(new Problem(where, "", why));
  }

  private String decode(byte[] bytes) {
    ByteBuffer input = ByteBuffer.wrap(bytes);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(input).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      String before = new String(bytes, 0, input.position(), StandardCharsets.ISO_8859_1);
      int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
      unreadable(where(line), "is not UTF-8 text; save the file as UTF-8");
      return "";
    }
  }

  private void parse(String text) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      int start = i;
      if (isComment(lines.get(i))) {
        continue;
      }
      while (continues(lines.get(i)) && i + 1 < lines.size()) {
        i++;
      }
      parseLogicalLine(start + 1, String.join("\n", lines.subList(start, i + 1)));
    }
  }

  private void parseLogicalLine(int line, String text) {
    Properties one = new Properties();
    try {
      one.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      problems.add(new Problem(
          where(line), "", "has a \\u that is not followed by four hex digits; write \\\\ for a \\"));
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
    one.stringPropertyNames().forEach(key -> entries.add(new Entry(line, key, one.getProperty(key))));
  }

  private static boolean isComment(String line) {
    String stripped = line.stripLeading();
    return stripped.isEmpty() || stripped.startsWith("#") || stripped.startsWith("!");
  }

  /** An odd number of backslashes at its end. */
  private static boolean continues(String line) {
    int backslashes = 0;
    while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }
}
