package org.reelway.settings;

import java.net.URI;
import java.util.stream.Stream;
import org.reelway.settings.StoreGroup.ChecksumChoice;
import org.reelway.settings.StoreGroup.PathStyle;

/** {@code reelway.store.*}: the store that receives the recordings. */
public final class StoreSettings {
  public static final StoreGroup PRIMARY = new StoreGroup(
      "reelway.store",
      "Bucket that receives the recordings; it must exist. Needed by everything that talks to the store.");

  public static final ObjectGroup OBJECTS = PRIMARY.objects;

  public static final Setting<URI> ENDPOINT = PRIMARY.endpoint;
  public static final Setting<String> BUCKET = PRIMARY.bucket;
  public static final Setting<String> PREFIX = PRIMARY.prefix;
  public static final Setting<PathStyle> PATH_STYLE = PRIMARY.pathStyle;
  public static final Setting<String> SECRET_KEY = PRIMARY.secretKey;
  public static final Setting<ChecksumChoice> CHECKSUM = PRIMARY.checksum;

  static final Setting.Group GROUP = new Setting.Group(
      "Store", "The S3-compatible store that receives the recordings, and the credentials for it.",
      PRIMARY.settings());
  static final Setting.Group OBJECTS_GROUP = new Setting.Group(
      "Objects", "How the store keeps the objects, and what they carry beside their bytes.", OBJECTS.settings());

  /** The rules of every store. */
  static Stream<CrossRule> rules() {
    return PRIMARY.rules().stream();
  }

  private StoreSettings() {}
}
