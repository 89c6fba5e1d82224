package org.reelway.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.regex.Pattern;
import org.reelway.failure.OurFailure;
import org.reelway.recording.DurableFiles;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;

/** What tells this installation from others, also after a restart: a random id in the state folder, or the name of its node. */
public final class InstanceId {
  private static final Pattern FORM = Pattern.compile("[0-9a-f-]{36}");

  private InstanceId() {}

  /** Of this sidecar among those that share the state. @throws OurFailure as {@link #of} */
  public static String ofNode(Settings settings) {
    return settings.isSet(NodeSettings.NODE)
        ? settings.get(NodeSettings.NODE) : of(settings.get(StateSettings.FOLDER).toAbsolutePath());
  }

  /** @throws OurFailure when it can be neither read nor written */
  public static String of(Path stateFolder) {
    Path file = stateFolder.resolve("instance-id");
    try {
      String known = Files.exists(file) ? new String(DurableFiles.readNote(file), StandardCharsets.UTF_8).strip() : "";
      return FORM.matcher(known).matches() ? known : begin(file);
    } catch (IOException e) {
      throw new OurFailure(file + " can be neither read nor written: " + e, e);
    }
  }

  private static String begin(Path file) throws IOException {
    String id = UUID.randomUUID().toString();
    Path whole = file.resolveSibling("instance-id.tmp");
    Files.writeString(whole, id + "\n", StandardCharsets.UTF_8);
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return id;
  }
}
