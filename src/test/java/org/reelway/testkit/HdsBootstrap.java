package org.reelway.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * An HDS bootstrap as a player reads it, in milliseconds. Shares no code with what publishes them.
 *
 * @param segments each: segment, fragments in it (-1 for endless)
 * @param entries each: first fragment, time, duration, and where that is 0 what kind of discontinuity
 */
public record HdsBootstrap(long version, boolean live, long mediaTime, List<long[]> segments, List<long[]> entries) {

  public static HdsBootstrap parse(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      require(in.readInt() == bytes.length && in.readInt() == tag("abst"), "abst");
      in.readInt();
      long version = in.readInt() & 0xFFFFFFFFL;
      boolean live = (in.readByte() & 0x20) != 0;
      in.readInt();
      long mediaTime = in.readLong();
      in.readLong();
      in.readNBytes(5);
      require(in.readByte() == 1, "one asrt");
      in.readInt();
      require(in.readInt() == tag("asrt") && in.readInt() == 0 && in.readByte() == 0, "asrt");
      List<long[]> segments = new ArrayList<>();
      for (int count = in.readInt(); count > 0; count--) {
        segments.add(new long[] {in.readInt(), in.readInt()});
      }
      require(in.readByte() == 1, "one afrt");
      in.readInt();
      require(in.readInt() == tag("afrt") && in.readInt() == 0 && in.readInt() == 1000 && in.readByte() == 0, "afrt");
      List<long[]> entries = new ArrayList<>();
      for (int count = in.readInt(); count > 0; count--) {
        long[] entry = {in.readInt(), in.readLong(), in.readInt(), -1};
        entry[3] = entry[2] == 0 ? in.readByte() : -1;
        entries.add(entry);
      }
      require(in.read() < 0, "nothing behind it");
      return new HdsBootstrap(version, live, mediaTime, segments, entries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void require(boolean met, String what) {
    if (!met) {
      throw new IllegalArgumentException("no bootstrap: " + what + " is wanted");
    }
  }

  private static int tag(String type) {
    return type.charAt(0) << 24 | type.charAt(1) << 16 | type.charAt(2) << 8 | type.charAt(3);
  }

  public byte[] bytes() {
    byte[] asrt = box("asrt", out -> {
      out.writeInt(0);
      out.writeByte(0);
      out.writeInt(segments.size());
      for (long[] segment : segments) {
        out.writeInt((int) segment[0]);
        out.writeInt((int) segment[1]);
      }
    });
    byte[] afrt = box("afrt", out -> {
      out.writeInt(0);
      out.writeInt(1000);
      out.writeByte(0);
      out.writeInt(entries.size());
      for (long[] entry : entries) {
        out.writeInt((int) entry[0]);
        out.writeLong(entry[1]);
        out.writeInt((int) entry[2]);
        if (entry[2] == 0) {
          out.writeByte((int) entry[3]);
        }
      }
    });
    return box("abst", out -> {
      out.writeInt(0);
      out.writeInt((int) version);
      out.writeByte(live ? 0x20 : 0);
      out.writeInt(1000);
      out.writeLong(mediaTime);
      out.writeLong(0);
      out.write(new byte[5]);
      out.writeByte(1);
      out.write(asrt);
      out.writeByte(1);
      out.write(afrt);
    });
  }

  private interface Content {
    void write(DataOutputStream out) throws IOException;
  }

  private static byte[] box(String type, Content content) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      content.write(new DataOutputStream(bytes));
      ByteArrayOutputStream box = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(box);
      out.writeInt(8 + bytes.size());
      out.writeInt(tag(type));
      out.write(bytes.toByteArray());
      return box.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of fragments that are a second long, the last one included, in segment 1, as a packager writes it while it is on. */
  public static HdsBootstrap live(int first, int last) {
    List<long[]> entries = new ArrayList<>();
    for (int number = first; number <= last; number++) {
      entries.add(new long[] {number, (number - 1) * 1000L, 1000, -1});
    }
    return new HdsBootstrap(last, true, last * 1000L, List.of(new long[] {1, -1}), entries);
  }

  public HdsBootstrap ended() {
    long count = entries.get(entries.size() - 1)[0] - entries.get(0)[0] + 1;
    return new HdsBootstrap(version, false, mediaTime, List.of(new long[] {1, count}), entries);
  }

  /** What follows a media's URL, such as {@code Seg1-Frag3}, by fragment. */
  public TreeMap<Long, String> fragments() {
    TreeMap<Long, String> names = new TreeMap<>();
    for (int i = 0; i < entries.size(); i++) {
      long[] entry = entries.get(i);
      if (entry[2] > 0) {
        long end = i + 1 < entries.size() ? entries.get(i + 1)[0] : entry[0] + inLast(entry);
        for (long number = entry[0]; number < end; number++) {
          names.put(number, "Seg" + segment(number - entries.get(0)[0]) + "-Frag" + number);
        }
      }
    }
    return names;
  }

  private long inLast(long[] entry) {
    return Math.max(1, Math.round((double) (mediaTime - entry[1]) / entry[2]));
  }

  private long segment(long index) {
    long before = 0;
    for (long[] segment : segments) {
      if (segment[1] < 0 || index < before + segment[1]) {
        return segment[0];
      }
      before += segment[1];
    }
    return segments.get(segments.size() - 1)[0];
  }

  /** Such as {@code 1@0 2@1000 3|3 4@3000}: fragments at their times, and a discontinuity of kind 3. */
  public String inWords() {
    StringBuilder words = new StringBuilder();
    for (long[] entry : entries) {
      words.append(words.isEmpty() ? "" : " ").append(entry[0]).append(entry[2] == 0 ? "|" + entry[3] : "@" + entry[1]);
    }
    return words.toString();
  }
}
