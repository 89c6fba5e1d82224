package org.reelway.conference.multirecorder;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;
import org.reelway.media.mp4.BoxContent;
import org.reelway.media.tracks.MovieTime;
import org.reelway.media.tracks.TrackMetadata;

/**
 * Writes the pieces of several streams as one MP4: a track for each medium of each stream, edit lists that carry the true
 * timeline, media of the same time close together. Memory depends neither on length nor on the number of streams.
 */
final class MultiTrackFile {
  private static final int TIMESCALE = 90_000;
  private static final byte[] MATRIX = matrix();

  private final Path folder;
  private final List<Track> tracks = new ArrayList<>();

  /**
   * A stream that was added, until it was removed.
   *
   * @param pieces in their order: more than one where its recording was interrupted. Each has tracks of its own, for
   *     edit lists with a pause in the middle are read wrongly by many
   */
  record Member(String streamName, String mediaSessionId, List<Piece> pieces) {}

  record Piece(Path file, Placement placement) {}

  private record Track(Member member, TrackTables tables) {}

  /** A piece that is being read. */
  private static final class Source implements AutoCloseable {
    private final Member member;
    private final Piece piece;
    private final PieceReader reader;
    private final Map<Long, TrackTables> tables = new HashMap<>();
    private PieceReader.Media next;
    private double time;

    Source(Member member, Piece piece) throws IOException {
      this.member = member;
      this.piece = piece;
      this.reader = PieceReader.open(piece.file());
    }

    boolean advance() throws IOException {
      Optional<PieceReader.Media> media = reader.next();
      next = media.orElse(null);
      time =
          media.stream()
              .flatMap(each -> each.runs().stream())
              .mapToDouble(run -> (double) run.decodeTime() / reader.heads().get(run.track()).timescale())
              .min().stream().map(piece.placement()::at).findFirst().orElse(time);
      return next != null;
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  /** @param folder for tables while it is written; they are deleted */
  private MultiTrackFile(Path folder) {
    this.folder = folder;
  }

  /**
   * @param file that is written over; nothing is renamed
   * @param began when the timeline begins
   * @param work folder of our own for tables
   * @return how long it is
   * @throws InputFailure where no piece has any media
   */
  static Duration write(List<Member> members, Instant began, Path file, Path work) throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(work), "tables-");
    try {
      return new MultiTrackFile(folder).write(members, began, file);
    } finally {
      try (Stream<Path> left = Files.list(folder)) {
        for (Path table : left.toList()) {
          Files.delete(table);
        }
      }
      Files.delete(folder);
    }
  }

  private Duration write(List<Member> members, Instant began, Path file) throws IOException {
    try (FileChannel out = FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(BoxContent.box("ftyp", brands())));
      long mdat = out.position();
      out.write(ByteBuffer.allocate(16).putInt(1).put(new byte[] {'m', 'd', 'a', 't'}).putLong(0).flip());
      media(members, out);
      out.write(ByteBuffer.allocate(8).putLong(out.position() - mdat).flip(), mdat + 8);
      for (Track track : tracks) {
        track.tables().finish();
      }
      tracks.removeIf(track -> track.tables().isEmpty());
      if (tracks.isEmpty()) {
        throw new InputFailure("nothing was recorded: no stream sent any media");
      }
      double seconds = tracks.stream().mapToDouble(MultiTrackFile::end).max().orElse(0);
      OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(out), 64 * 1024);
      moov(seconds, MovieTime.of(began)).write(stream);
      stream.flush();
      out.force(true);
      return Duration.ofMillis(Math.round(seconds * 1000));
    }
  }

  private static byte[] brands() {
    return ByteBuffer.allocate(20).put("isom".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)).putInt(512)
        .put("isomiso2mp41".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)).array();
  }

  /** Fragments of all pieces, by their time. */
  private void media(List<Member> members, FileChannel out) throws IOException {
    PriorityQueue<Source> open = new PriorityQueue<>(Comparator.comparingDouble((Source source) -> source.time));
    List<Source> all = new ArrayList<>();
    try {
      for (Member member : members) {
        Optional<Source> source = open(member, 0);
        source.ifPresent(all::add);
        source.ifPresent(open::add);
      }
      while (!open.isEmpty()) {
        Source source = open.poll();
        copy(source, out);
        if (source.advance()) {
          open.add(source);
        } else {
          source.close();
          Optional<Source> following = open(source.member, source.member.pieces().indexOf(source.piece) + 1);
          following.ifPresent(all::add);
          following.ifPresent(open::add);
        }
      }
    } finally {
      for (Source source : all) {
        source.close();
      }
    }
  }

  /** The member's next piece in which there is something. */
  private Optional<Source> open(Member member, int from) throws IOException {
    for (Piece piece : member.pieces().subList(from, member.pieces().size())) {
      Source source = new Source(member, piece);
      if (source.advance()) {
        for (Map.Entry<Long, TrackHead> head : source.reader.heads().entrySet()) {
          TrackTables tables =
              new TrackTables(head.getValue(), piece.placement(), folder, String.valueOf(tracks.size()));
          tracks.add(new Track(member, tables));
          source.tables.put(head.getKey(), tables);
        }
        return Optional.of(source);
      }
      source.close();
    }
    return Optional.empty();
  }

  private static void copy(Source source, FileChannel out) throws IOException {
    long at = out.position();
    source.reader.copy(source.next, out);
    for (PieceReader.Run run : source.next.runs()) {
      source.tables.get(run.track()).add(run, at + run.data() - source.next.data());
    }
  }

  private static double end(Track track) {
    TrackTables.Edit edit = track.tables().edit();
    return edit.start() + (double) edit.mediaDuration() / track.tables().head().timescale();
  }

  private BoxContent moov(double seconds, long created) throws IOException {
    List<BoxContent> all = new ArrayList<>();
    ByteBuffer mvhd = ByteBuffer.allocate(108);
    mvhd.putLong(created).putLong(created).putInt(TIMESCALE).putLong(movie(seconds)).putInt(0x10000).putShort((short) 0x100);
    mvhd.position(mvhd.position() + 10);
    mvhd.put(MATRIX).position(mvhd.position() + 24);
    mvhd.putInt(tracks.size() + 1);
    all.add(BoxContent.full("mvhd", 1, 0, BoxContent.of(mvhd.array())));
    for (int i = 0; i < tracks.size(); i++) {
      all.add(trak(tracks.get(i), i + 1, created));
    }
    return BoxContent.box("moov", all);
  }

  private static BoxContent trak(Track track, int id, long created) throws IOException {
    TrackTables tables = track.tables();
    TrackHead head = tables.head();
    List<BoxContent> minf = new ArrayList<>();
    minf.add(BoxContent.of(head.mediaHeader()));
    minf.add(BoxContent.of(head.dinf()));
    minf.add(tables.sampleTable());
    ByteBuffer mdhd = ByteBuffer.allocate(32);
    mdhd.putLong(created).putLong(created).putInt((int) head.timescale()).putLong(tables.mediaDuration());
    mdhd.putShort((short) 0x55c4).putShort((short) 0);
    return BoxContent.box(
        "trak",
        tkhd(head, id, created, movie(end(track))),
        BoxContent.box("edts", edits(tables)),
        BoxContent.box(
            "mdia", BoxContent.full("mdhd", 1, 0, BoxContent.of(mdhd.array())), BoxContent.of(head.hdlr()),
            BoxContent.box("minf", minf)),
        BoxContent.of(new TrackMetadata(track.member().streamName(), track.member().mediaSessionId()).toBytes()));
  }

  /** Size, volume and matrix as in the piece. */
  private static BoxContent tkhd(TrackHead head, int id, long created, long duration) {
    int tail = head.tkhd()[0] == 1 ? 36 : 24;
    ByteBuffer tkhd = ByteBuffer.allocate(32 + head.tkhd().length - tail);
    tkhd.putLong(created).putLong(created).putInt(id).putInt(0).putLong(duration);
    tkhd.put(head.tkhd(), tail, head.tkhd().length - tail);
    return BoxContent.full("tkhd", 1, 3, BoxContent.of(tkhd.array()));
  }

  /** Nothing until the stream joins, then its media: what players and tools agree on. */
  private static BoxContent edits(TrackTables tables) {
    TrackTables.Edit edit = tables.edit();
    long start = movie(edit.start());
    ByteBuffer list = ByteBuffer.allocate(4 + (start > 0 ? 40 : 20)).putInt(start > 0 ? 2 : 1);
    if (start > 0) {
      list.putLong(start).putLong(-1).putInt(0x10000);
    }
    list.putLong(movie((double) edit.mediaDuration() / tables.head().timescale())).putLong(edit.mediaTime()).putInt(0x10000);
    return BoxContent.full("elst", 1, 0, BoxContent.of(list.array()));
  }

  private static long movie(double seconds) {
    return Math.round(seconds * TIMESCALE);
  }

  private static byte[] matrix() {
    return ByteBuffer.allocate(36).putInt(0x10000).putInt(0).putInt(0).putInt(0).putInt(0x10000).putInt(0).putInt(0)
        .putInt(0).putInt(0x40000000).array();
  }
}
