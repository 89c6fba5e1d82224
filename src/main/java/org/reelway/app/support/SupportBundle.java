package org.reelway.app.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The zip of a support bundle. Whatever is put into it goes through the mask; nobody but its owner can read it. */
public final class SupportBundle implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder()
      .addModule(new JavaTimeModule()).disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
      .enable(SerializationFeature.INDENT_OUTPUT).build();

  private final ZipOutputStream zip;
  private final SecretMask mask;

  /** @throws IOException the file is there already, or cannot be written */
  public SupportBundle(Path file, SecretMask mask) throws IOException {
    this.mask = mask;
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    var owners = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var channel = posix
        ? Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owners)
        : Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    this.zip = new ZipOutputStream(java.nio.channels.Channels.newOutputStream(channel), StandardCharsets.UTF_8);
  }

  /** Text of the program's own. */
  public void add(String name, String text) throws IOException {
    put(name, mask.mask(text));
  }

  /** Text that people wrote. */
  public void addWritten(String name, String text) throws IOException {
    put(name, mask.maskWritten(text));
  }

  /** Lines of the log. */
  public void addLogged(String name, String text) throws IOException {
    put(name, mask.maskLogged(text));
  }

  /** As JSON. */
  public void addJson(String name, Object value) throws IOException {
    add(name, json(value));
  }

  private static String json(Object value) throws JsonProcessingException {
    return JSON.writeValueAsString(value) + "\n";
  }

  private void put(String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
