package org.reelway.multirecorder;

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
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SessionNotes() {}

  /**
   * All that is noted.
   *
   * @param uri by which its users know it
   * @param began milliseconds since 1970
   * @param target the file that it becomes; empty until it is being ended
   * @param done whether that file is whole and has its name
   */
  record Note(String uri, long began, List<MemberNote> members, String target, boolean done) {

    Note with(List<MemberNote> others) {
      return new Note(uri, began, List.copyOf(others), target, done);
    }

    Note becoming(Path file, boolean whole) {
      return new Note(uri, began, members, file.toString(), whole);
    }
  }

  /** @param pieces names of files in the folder */
  record MemberNote(String streamName, String mediaSessionId, List<String> pieces) {}

  static void write(Path folder, Note note) throws IOException {
    DurableFiles.write(folder.resolve(SESSION), JSON.writeValueAsBytes(note));
  }

  /** @throws IOException when there is none, or it is not ours */
  static Note read(Path folder) throws IOException {
    return JSON.readValue(Files.readAllBytes(folder.resolve(SESSION)), Note.class);
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
   * Streams and their pieces, as far as media came.
   *
   * @return those that have any, with times in seconds since 1970
   */
  static List<MultiTrackFile.Member> members(Path folder, Note note) throws IOException {
    List<MultiTrackFile.Member> members = new ArrayList<>();
    for (MemberNote member : note.members()) {
      List<MultiTrackFile.Piece> pieces = new ArrayList<>();
      for (String name : member.pieces()) {
        Path piece = folder.resolve(name);
        Path time = piece.resolveSibling(name + TIME);
        if (Files.exists(piece) && Files.exists(time)) {
          String[] words = Files.readString(time).strip().split(" ");
          pieces.add(
              new MultiTrackFile.Piece(piece, new Placement(Double.parseDouble(words[0]), Double.parseDouble(words[1]))));
        }
      }
      if (!pieces.isEmpty()) {
        members.add(new MultiTrackFile.Member(member.streamName(), member.mediaSessionId(), pieces));
      }
    }
    return members;
  }
}
