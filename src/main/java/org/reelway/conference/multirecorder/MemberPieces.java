package org.reelway.conference.multirecorder;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.reelway.failure.InputFailure;
import org.reelway.stream.recorder.FragmentCutter;
import org.reelway.stream.recorder.OpenFile;
import org.reelway.stream.recorder.PieceFile;
import org.reelway.stream.recorder.StreamBeginning;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pieces of one run of a stream's recording, and their times. Used by one thread. */
final class MemberPieces implements FragmentCutter.Pieces {
  private static final Logger LOG = LoggerFactory.getLogger(MemberPieces.class);
  private static final Set<String> VIDEO = Set.of("", "avc1", "avc3");
  private static final Set<String> AUDIO = Set.of("", "mp4a");
  private static final double NOTED_FROM = 0.005;

  private final Member member;
  private final NextPiece next;
  private final Clock clock;
  private TrueTime time;
  private double start;
  private double fragmentArrived;
  private Placement noted;
  private volatile Path current;

  /** Whom the pieces are of. */
  interface Member {
    /** The codecs are not those of the file. */
    void hasCodecs(List<String> codecs);
  }

  /** Gives a file's place, once it is noted that there will be one. */
  @FunctionalInterface
  interface NextPiece {
    Path next() throws IOException;
  }

  MemberPieces(Member member, NextPiece next, Clock clock) {
    this.member = member;
    this.next = next;
    this.clock = clock;
  }

  @Override
  public PieceFile begin(StreamBeginning beginning, double streamStart) throws IOException {
    String video = beginning.codec(true);
    String audio = beginning.codec(false);
    if (!VIDEO.contains(video) || !AUDIO.contains(audio)) {
      member.hasCodecs(List.of(video, audio));
      throw new InputFailure(
          "its codecs are " + (video + " " + audio).strip() + ", and a multi-recording holds H.264 and AAC; publish those, or"
              + " set reelway.multirecorder.transcode=true");
    }
    current = next.next();
    start = streamStart;
    time = new TrueTime();
    fragmentArrived = 0;
    noted = null;
    return PieceFile.begin(current, beginning, streamStart);
  }

  /**
   * When the last fragment was here, the first sample of this one was as well, and not much earlier: that is a time to go by.
   * Where a fragment ends is none, for its sounds are longer than its pictures, and the last picture's length is a guess.
   */
  @Override
  public void came(double fragmentStart, double fragmentEnd) {
    Instant now = clock.instant();
    double arrived = now.getEpochSecond() + now.getNano() / 1e9;
    if (fragmentArrived > 0) {
      time.came(fragmentStart - start, fragmentArrived);
    }
    fragmentArrived = arrived;
    Placement placement = time.isKnown() ? time.placement() : Placement.from(arrived - (fragmentEnd - start));
    if (noted == null || Math.abs(placement.at(fragmentEnd - start) - noted.at(fragmentEnd - start)) > NOTED_FROM
        || Math.abs(placement.origin() - noted.origin()) > NOTED_FROM) {
      note(placement);
    }
  }

  private void note(Placement placement) {
    try {
      SessionNotes.writeTime(current, placement);
      noted = placement;
    } catch (IOException e) {
      LOG.error("when {} began cannot be noted: {}", current, e.toString());
    }
  }

  @Override
  public void finished(PieceFile piece, StreamBeginning beginning, boolean last) {
    if (time.isKnown()) {
      note(time.placement());
    }
    current = null;
  }

  @Override
  public void left(PieceFile piece) {
    current = null;
  }

  @Override
  public OpenFile current() {
    return Optional.ofNullable(current).map(OpenFile::of).orElse(null);
  }
}
