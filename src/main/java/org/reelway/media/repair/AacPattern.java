package org.reelway.media.repair;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reelway.media.MediaBytes;
import org.reelway.media.mp4.AacConfig;

/**
 * What sound frames of this encoder look like. Raw AAC frames have no length and no start code, so where one ends and
 * the next begins is told by what the pattern's frames begin with, how long they are, how many lie together between two
 * pictures, and that each ends with the end element (ISO/IEC 14496-3, 4.4.2.1).
 */
final class AacPattern {
  private static final int LOW_COMPLEXITY = 2;
  private static final int LARGEST_FRAME = 8191 - 7;
  private static final int MOST_FRAMES_LOOKED_AT = 4000;
  private static final int NEARBY = 12;
  private static final double SURELY = 0.98;

  private final Config config;
  private final Map<Integer, Integer> beginnings = new HashMap<>();
  private final Set<Integer> shapes = new HashSet<>();
  private final Map<Integer, Integer> runs = new HashMap<>();
  private final int[] sizes = new int[LARGEST_FRAME + NEARBY + 2];
  private int frames;
  private int framesThatEnd;
  private int smallest = Integer.MAX_VALUE;
  private int largest;
  private int longestRun;

  /** For ADTS headers (ISO/IEC 14496-3, 1.A.2.2). */
  record Config(int profile, int frequencyIndex, int channels, int sampleRate) {}

  private AacPattern(Config config) {
    this.config = config;
  }

  /** Empty where the track is not AAC of a kind that ADTS can carry. */
  static Optional<AacPattern> of(MediaBytes file, Mp4Track track) throws IOException {
    Optional<Config> config = track.entry().aac().flatMap(AacPattern::config);
    if (config.isEmpty()) {
      return Optional.empty();
    }
    AacPattern pattern = new AacPattern(config.get());
    pattern.learn(file, track);
    return pattern.frames == 0 ? Optional.empty() : Optional.of(pattern);
  }

  private void learn(MediaBytes file, Mp4Track track) throws IOException {
    int run = 0;
    int runBytes = 0;
    for (int i = 0; i < Math.min(track.samples(), MOST_FRAMES_LOOKED_AT); i++) {
      int size = track.sizes()[i];
      long offset = track.offsets()[i];
      if (size < 4 || size > LARGEST_FRAME || !file.has(offset, size)) {
        continue;
      }
      frames++;
      AacBeginning beginning = AacBeginning.of(file.i32(offset));
      beginnings.merge(beginning.exact(), 1, Integer::sum);
      shapes.add(beginning.shape());
      framesThatEnd += isEnd(file.u16(offset + size - 2)) ? 1 : 0;
      sizes[size]++;
      smallest = Math.min(smallest, size);
      largest = Math.max(largest, size);
      run++;
      runBytes += size;
      boolean runEnds = i + 1 == track.samples() || track.offsets()[i + 1] != offset + size;
      if (runEnds) {
        runs.merge(run, 1, Integer::sum);
        longestRun = Math.max(longestRun, runBytes);
        run = 0;
        runBytes = 0;
      }
    }
  }

  private static Optional<Config> config(AacConfig aac) {
    // High efficiency: ADTS shows the core, decoders find the rest in the frames.
    int core = aac.objectType() == 5 || aac.objectType() == 29 ? LOW_COMPLEXITY : aac.objectType();
    int channels = aac.channelConfiguration();
    boolean carried = core >= 1 && core <= 4 && aac.frequencyIndex() <= 12 && channels >= 1 && channels <= 7;
    return carried
        ? Optional.of(new Config(core - 1, aac.frequencyIndex(), channels, aac.sampleRate())) : Optional.empty();
  }

  Config config() {
    return config;
  }

  int smallest() {
    return Math.max(2, smallest * 3 / 4);
  }

  int largest() {
    return Math.min(LARGEST_FRAME, largest * 3 / 2 + NEARBY);
  }

  /** More bytes of sound than this never lie between two pictures. */
  int longestRun() {
    return Math.max(16 * 1024, 4 * longestRun);
  }

  /** @param word the first four bytes */
  boolean mayBegin(int word) {
    return shapes.contains(AacBeginning.of(word).shape());
  }

  /** Whether the last two bytes can be those of a frame; always, where the pattern's own do not keep to it. */
  boolean mayEnd(int twoBytes) {
    return framesThatEnd < SURELY * frames || isEnd(twoBytes);
  }

  /** Three ones, then zeros to the end of the byte. */
  private static boolean isEnd(int twoBytes) {
    int zeros = Integer.numberOfTrailingZeros(twoBytes | 1 << 16);
    return zeros <= 7 && (twoBytes >> zeros & 7) == 7;
  }

  /** How much likelier a frame begins with these four bytes than that they stand there by chance; a logarithm. */
  double beginning(int word) {
    AacBeginning beginning = AacBeginning.of(word);
    Integer known = beginnings.get(beginning.exact());
    return known == null
        ? Math.log(0.5 / frames * (1 << beginning.shapeBits()))
        : Math.log((double) known / frames * (1 << beginning.exactBits()));
  }

  /** The logarithm of a size's likelihood. */
  double size(int bytes) {
    int near = 0;
    for (int size = Math.max(0, bytes - NEARBY); size <= Math.min(sizes.length - 1, bytes + NEARBY); size++) {
      near += sizes[size];
    }
    return Math.log((near + 0.05) / (2 * NEARBY + 1) / frames);
  }

  /** The logarithm of the likelihood that so many frames lie together. */
  double run(int count) {
    int all = runs.values().stream().mapToInt(Integer::intValue).sum();
    return Math.log((runs.getOrDefault(count, 0) + 0.05) / (all + 1.0));
  }
}
