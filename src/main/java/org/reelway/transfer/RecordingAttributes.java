package org.reelway.transfer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.reelway.settings.KeyTemplate;
import org.reelway.transfer.store.Acl;
import org.reelway.transfer.store.Keeping;
import org.reelway.transfer.store.ObjectAttributes;

/**
 * What recordings' objects carry beside their bytes. Names of files and streams are anybody's: whatever they put into a
 * template, the store takes it, so that no recording is left unsent for its name.
 */
public final class RecordingAttributes {
  public static final RecordingAttributes NONE =
      new RecordingAttributes(Map.of(), Map.of(), Map.of(), null, null, null, Acl.NONE);

  /** Of S3's 2 KB for all names and values, what is left beside our own. */
  private static final int METADATA_BYTES = 1900;
  private static final int TAG_VALUE = 256;

  private final ContentTypes contentTypes;
  private final Map<String, KeyTemplate> metadata;
  private final Map<String, KeyTemplate> tags;
  private final Keeping keeping;

  /**
   * @param contentTypes by extension, before the usual ones
   * @param metadata name to template
   * @param tags name to template
   * @param storageClass null for the store's default
   * @param cacheControl null for none
   * @param contentDisposition null for none
   */
  public RecordingAttributes(
      Map<String, String> contentTypes,
      Map<String, String> metadata,
      Map<String, String> tags,
      String storageClass,
      String cacheControl,
      String contentDisposition,
      Acl acl) {
    this.contentTypes = new ContentTypes(contentTypes);
    this.metadata = parsed(metadata);
    this.tags = parsed(tags);
    this.keeping = new Keeping(storageClass, cacheControl, contentDisposition, Map.of(), acl);
  }

  private static Map<String, KeyTemplate> parsed(Map<String, String> templates) {
    Map<String, KeyTemplate> parsed = new LinkedHashMap<>();
    templates.forEach((name, template) -> parsed.put(name, KeyTemplate.ofValue(template)));
    return parsed;
  }

  /** @param own metadata that every object carries */
  ObjectAttributes of(KeyTemplate.Values recording, Map<String, String> own) {
    Map<String, String> all = new LinkedHashMap<>(metadata(recording));
    all.putAll(own);
    return new ObjectAttributes(contentTypes.of(recording.path()), all, keeping(recording));
  }

  /**
   * Those of a chunk or a playlist.
   *
   * @param own metadata that the object carries
   * @param cacheControl instead of that of recordings
   */
  public ObjectAttributes ofLive(KeyTemplate.Values file, Map<String, String> own, String cacheControl) {
    ObjectAttributes all = of(file, own);
    Keeping kept = all.keeping();
    return new ObjectAttributes(
        all.contentType(),
        all.metadata(),
        new Keeping(kept.storageClass(), cacheControl, null, kept.tags(), kept.acl()));
  }

  private Map<String, String> metadata(KeyTemplate.Values recording) {
    int names = metadata.keySet().stream().mapToInt(String::length).sum();
    int share = metadata.isEmpty() ? 0 : (METADATA_BYTES - names) / metadata.size();
    Map<String, String> values = new LinkedHashMap<>();
    metadata.forEach(
        (name, template) -> values.put(name, ObjectAttributes.cutMetadata(template.render(recording), share)));
    return values;
  }

  private Keeping keeping(KeyTemplate.Values recording) {
    Map<String, String> values = new LinkedHashMap<>();
    tags.forEach((name, template) -> values.put(name, tag(template.render(recording))));
    return new Keeping(
        keeping.storageClass(), keeping.cacheControl(), keeping.contentDisposition(), values, keeping.acl());
  }

  /** Letters, digits, spaces and {@code + - = . _ : / @}, at most 256: what every S3 takes. */
  private static String tag(String rendered) {
    StringBuilder tag = new StringBuilder();
    rendered.codePoints().limit(TAG_VALUE)
        .map(c -> Character.isLetterOrDigit(c) || c < 0x80 && " +-=._:/@".indexOf(c) >= 0 ? c : '_')
        .forEach(tag::appendCodePoint);
    while (tag.length() > TAG_VALUE) {
      tag.setLength(tag.offsetByCodePoints(tag.length(), -1));
    }
    return tag.toString();
  }

  /** Tells one from another; holds no secret. */
  @Override
  public String toString() {
    return "RecordingAttributes[" + contentTypes + ", " + metadata + ", " + tags + ", " + keeping + "]";
  }
}
