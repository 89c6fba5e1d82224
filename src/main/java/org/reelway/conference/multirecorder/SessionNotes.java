package org.reelway.conference.multirecorder;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.reelway.recording.DurableFiles;

/**
 * A multi-recording as it stands in its folder: what was recorded of whom, so that a Reelway that was killed, or another one
 * after it, ends it as this one would have. Written before it is true.
 */
final class SessionNotes {
  private static final String SESSION = "session.json";
  private static final String TIME = ".time";
  private static final int LARGEST = 8 * 1024 * 1024;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SessionNotes() {}

  /**
   * All that is noted.
   *
   * @param uri by which its users know it
   * @param began milliseconds since 1970
   * @param target the file that it becomes; empty until it is being ended
   * @param done whether that file is whole and has its name
   * @param ended milliseconds since 1970; 0 while it goes on, and where a kill ended it
   */
  @JsonIgnoreProperties("told") // of earlier versions
  record Note(String uri, long began, List<MemberNote> members, String target, boolean done, long ended) {

    Note becoming(Path file, boolean whole) {
      return new Note(uri, began, members, file.toString(), whole, ended);
    }
  }

  /**
   * A stream that was added, until it was removed.
   *
   * @param pieces names of files in the folder
   * @param app its application; empty where nobody told
   * @param times how often it came: it goes when its stream ends, and comes when that is back
   */
  record MemberNote(String streamName, String mediaSessionId, List<String> pieces, String app, int times) {}

  static void write(Path folder, Note note) throws IOException {
    DurableFiles.write(folder.resolve(SESSION), JSON.writeValueAsBytes(note));
  }

  /** @throws IOException when there is none, or it is not ours */
  static Note read(Path folder) throws IOException {
    return JSON.readValue(DurableFiles.read(folder.resolve(SESSION), LARGEST), Note.class);
  }

  static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(SESSION));
  }

  static void writeTime(Path piece, Placement placement) throws IOException {
    DurableFiles.write(
        piece.resolveSibling(piece.getFileName() + TIME),
        (placement.origin() + " " + placement.pace()).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Streams and their pieces.
   *
   * @return those that have pieces, with times in seconds since 1970
   */
  static List<MultiTrackFile.Member> members(Path folder, Note note) throws IOException {
    List<MultiTrackFile.Member> members = new ArrayList<>();
    for (MemberNote member : note.members()) {
      List<MultiTrackFile.Piece> pieces = new ArrayList<>();
      for (String name : member.pieces()) {
        Path piece = folder.resolve(name);
        if (Files.exists(piece)) {
          pieces.add(new MultiTrackFile.Piece(piece, placement(piece)));
        }
      }
      if (!pieces.isEmpty()) {
        members.add(new MultiTrackFile.Member(member.streamName(), member.mediaSessionId(), pieces));
      }
    }
    return members;
  }

  /** Where its time could not be noted, by when it was last written to. */
  private static Placement placement(Path piece) throws IOException {
    Path time = piece.resolveSibling(piece.getFileName() + TIME);
    if (Files.exists(time)) {
      String[] words = Files.readString(time).strip().split(" ");
      return new Placement(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
    }
    return Placement.from(Files.getLastModifiedTime(piece).toMillis() / 1000.0 - PieceReader.length(piece).seconds());
  }
}
