package org.reelway.config;

import java.net.URI;
import java.util.List;

/** {@code reelway.store.*}: the store that receives the recordings. */
public final class StoreSettings {
  public static final StoreGroup PRIMARY = new StoreGroup(
      "reelway.store",
      "Bucket that receives the recordings; it must exist. Needed by everything that talks to the store.");

  public static final Setting<URI> ENDPOINT = PRIMARY.endpoint;
  public static final Setting<String> BUCKET = PRIMARY.bucket;
  public static final Setting<String> PREFIX = PRIMARY.prefix;
  public static final Setting<PathStyle> PATH_STYLE = PRIMARY.pathStyle;
  public static final Setting<String> SECRET_KEY = PRIMARY.secretKey;
  public static final Setting<ChecksumChoice> CHECKSUM = PRIMARY.checksum;

  /** Every store there is: their rules are the same. */
  static final List<StoreGroup> STORES = List.of(PRIMARY);

  static final SettingGroup GROUP = new SettingGroup(
      "Store", "The S3-compatible store that receives the recordings, and the credentials for it.",
      PRIMARY.settings());

  private StoreSettings() {}
}
