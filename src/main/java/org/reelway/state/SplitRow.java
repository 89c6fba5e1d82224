package org.reelway.state;

import java.time.Instant;

/**
 * A section of an archive that becomes a file.
 *
 * @param section its number in the split, from 0
 * @param archive {@code s3://bucket/prefix/}
 * @param segmentLength seconds that were wanted of the archive
 * @param begins microseconds from the archive's beginning, as is the end
 * @param file that it becomes, by its whole path
 * @param trouble of the last try; empty for none
 * @param how it was made; empty while it is not
 * @param doneAt null while it is not over
 */
public record SplitRow(
    String split, int section, String stream, String session, String archive, long segmentLength, long begins, long ends,
    boolean isExact, String file, State state, int tries, String trouble, String how, Instant createdAt, Instant doneAt) {
  /** How far it is. */
  public enum State {
    WAITING,
    /** It is whole, and about to get its name. */
    PLACING,
    MADE,
    FAILED
  }

  public boolean isOver() {
    return state == State.MADE || state == State.FAILED;
  }

  /** @param why the last try went wrong; empty for nothing */
  public SplitRow waiting(int triesSoFar, String why) {
    return in(State.WAITING, triesSoFar, why, "", null);
  }

  public SplitRow placing(String madeHow) {
    return in(State.PLACING, tries, "", madeHow, null);
  }

  public SplitRow made(Instant now) {
    return in(State.MADE, tries, "", how, now);
  }

  public SplitRow failed(String why, Instant now) {
    return in(State.FAILED, tries + 1, why, "", now);
  }

  private SplitRow in(State next, int tried, String why, String made, Instant done) {
    return new SplitRow(
        split, section, stream, session, archive, segmentLength, begins, ends, isExact, file, next, tried, why, made, createdAt,
        done);
  }

  /** Whether both are ordered alike. */
  public boolean isSameOrder(SplitRow other) {
    return archive.equals(other.archive) && begins == other.begins && ends == other.ends && isExact == other.isExact;
  }
}
