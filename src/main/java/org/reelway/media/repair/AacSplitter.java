package org.reelway.media.repair;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Finds the frames of a run of raw AAC: the likeliest way to divide it, by the pattern of another recording. */
final class AacSplitter {
  private static final double IMPOSSIBLE = Double.NEGATIVE_INFINITY;
  private static final int MOST_FRAMES = 400;

  private final AacPattern pattern;

  AacSplitter(AacPattern pattern) {
    this.pattern = pattern;
  }

  /**
   * @param run bytes between two pictures
   * @return the frames' lengths, which fill the run; empty where it cannot be one of frames
   */
  List<Integer> split(byte[] run) {
    if (run.length < 4 || !pattern.mayBegin(word(run, 0))) {
      return List.of();
    }
    int[] borders = borders(run);
    int most = Math.min(MOST_FRAMES, run.length / pattern.smallest() + 1);
    double[][] best = new double[borders.length][most + 1];
    int[][] from = new int[borders.length][most + 1];
    for (double[] row : best) {
      Arrays.fill(row, IMPOSSIBLE);
    }
    best[0][0] = 0;
    for (int end = 1; end < borders.length; end++) {
      reach(run, borders, end, best, from);
    }
    return likeliest(borders, best, from);
  }

  /** Offsets at which a frame may begin, and the end. */
  private int[] borders(byte[] run) {
    int[] borders = new int[run.length + 1];
    int count = 1;
    for (int at = 2; at + 3 < run.length; at++) {
      if (pattern.mayBegin(word(run, at)) && pattern.mayEnd(twoBytes(run, at - 2))) {
        borders[count++] = at;
      }
    }
    borders[count++] = run.length;
    return Arrays.copyOf(borders, count);
  }

  private void reach(byte[] run, int[] borders, int end, double[][] best, int[][] from) {
    for (int start = end - 1; start >= 0; start--) {
      int size = borders[end] - borders[start];
      if (size > pattern.largest()) {
        return;
      }
      if (size < pattern.smallest()) {
        continue;
      }
      double gain = pattern.beginning(word(run, borders[start])) + pattern.size(size);
      for (int frames = 0; frames + 1 < best[end].length; frames++) {
        double score = best[start][frames] + gain;
        if (score > best[end][frames + 1]) {
          best[end][frames + 1] = score;
          from[end][frames + 1] = start;
        }
      }
    }
  }

  private List<Integer> likeliest(int[] borders, double[][] best, int[][] from) {
    int last = borders.length - 1;
    int frames = 0;
    double highest = IMPOSSIBLE;
    for (int count = 1; count < best[last].length; count++) {
      double score = best[last][count] + pattern.run(count);
      if (score > highest) {
        highest = score;
        frames = count;
      }
    }
    List<Integer> sizes = new ArrayList<>();
    for (int at = last; frames > 0; frames--) {
      int start = from[at][frames];
      sizes.add(borders[at] - borders[start]);
      at = start;
    }
    Collections.reverse(sizes);
    return sizes;
  }

  private static int twoBytes(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  private static int word(byte[] bytes, int at) {
    return twoBytes(bytes, at) << 16 | twoBytes(bytes, at + 2);
  }
}
