package org.reelway.bench;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** What is remembered of objects whose bytes were thrown away: enough to answer as a store that has them would. */
final class DiscardedUploads {
  private final ConcurrentNavigableMap<String, Thing> objects = new ConcurrentSkipListMap<>();
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /**
   * @param etag without quotes
   * @param headers that HEAD shows: metadata and checksum
   * @param kept its bytes; null where they were thrown away
   * @param writtenMillis since the epoch
   */
  record Thing(long size, String etag, Map<String, String> headers, byte[] kept, long writtenMillis) {
    Thing(long size, String etag, Map<String, String> headers, byte[] kept) {
      this(size, etag, headers, kept, System.currentTimeMillis());
    }
  }

  private record Upload(Map<String, String> headers, SortedMap<Integer, Thing> parts) {}

  Optional<Thing> find(String path) {
    return Optional.ofNullable(objects.get(path));
  }

  /** All whose path starts so, by path. */
  Map<String, Thing> below(String start) {
    return objects.subMap(start, start + Character.MAX_VALUE);
  }

  void put(String path, Thing object) {
    objects.put(path, object);
  }

  void remove(String path) {
    objects.remove(path);
  }

  String begin(Map<String, String> headers) {
    String id = "upload-" + numbers.incrementAndGet();
    uploads.put(id, new Upload(headers, new TreeMap<>()));
    return id;
  }

  void part(String id, int number, Thing part) {
    SortedMap<Integer, Thing> parts = uploads.get(id).parts;
    synchronized (parts) {
      parts.put(number, part);
    }
  }

  Map<Integer, Thing> parts(String id) {
    Upload upload = uploads.get(id);
    return upload == null ? Map.of() : upload.parts;
  }

  void abort(String id) {
    uploads.remove(id);
  }

  /** @param checksum headers of the completion, shown by HEAD from then on */
  Thing complete(String path, String id, Map<String, String> checksum) {
    Upload upload = uploads.remove(id);
    Map<String, String> headers = new TreeMap<>(upload.headers);
    headers.putAll(checksum);
    List<Thing> parts = List.copyOf(upload.parts.values());
    Thing object = new Thing(parts.stream().mapToLong(Thing::size).sum(), etag(parts), headers, null);
    objects.put(path, object);
    return object;
  }

  /** As S3's: the MD5 of the parts' MD5s, and their number. */
  private static String etag(List<Thing> parts) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      for (Thing part : parts) {
        md5.update(HexFormat.of().parseHex(part.etag()));
      }
      return HexFormat.of().formatHex(md5.digest()) + "-" + parts.size();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
