package org.reelway.multirecorder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reelway.relay.StreamSource;

/** A multi-recording that goes on. Safe for several threads: the streams' writers tell of their pieces. */
final class MultiRecording {
  private final String uri;
  private final Path work;
  private final long began;
  private final List<Member> members = new ArrayList<>();
  private final Map<String, Member> on = new LinkedHashMap<>();
  private int pieces;

  /** A stream that was added, until it was removed. */
  final class Member implements MemberPieces.Member {
    private final String streamName;
    private final String session;
    private final StreamSource source;
    private final List<String> files = new ArrayList<>();
    private String task = "";
    private volatile boolean otherCodecs;

    private Member(String streamName, String session, StreamSource source) {
      this.streamName = streamName;
      this.session = session;
      this.source = source;
    }

    String streamName() {
      return streamName;
    }

    String session() {
      return session;
    }

    StreamSource source() {
      return source;
    }

    /** Of the recorder that runs; empty for none. */
    String task() {
      return task;
    }

    void runs(String id) {
      task = id;
    }

    @Override
    public void hasCodecs(List<String> codecs) {
      otherCodecs = true;
    }

    boolean hasOtherCodecs() {
      return otherCodecs;
    }

    /** The place of its next piece, which is noted. */
    Path nextPiece() throws IOException {
      return next(this);
    }
  }

  /** @param work folder of its own, which is there */
  MultiRecording(String uri, Path work, long began) throws IOException {
    this.uri = uri;
    this.work = work;
    this.began = began;
    note();
  }

  private synchronized Path next(Member member) throws IOException {
    String name = ++pieces + ".piece";
    member.files.add(name);
    note();
    return work.resolve(name);
  }

  private void note() throws IOException {
    SessionNotes.write(
        work,
        new SessionNotes.Note(
            uri, began,
            members.stream()
                .map(each -> new SessionNotes.MemberNote(each.streamName, each.session, List.copyOf(each.files)))
                .toList(),
            "", false));
  }

  /** From now on it is a member; false where it is one already. */
  synchronized boolean add(String streamName, String session, StreamSource source) {
    if (on.containsKey(session)) {
      return false;
    }
    Member member = new Member(streamName, session, source);
    members.add(member);
    on.put(session, member);
    try {
      note();
    } catch (IOException e) {
      members.remove(member);
      on.remove(session);
      throw new UncheckedIOException(e);
    }
    return true;
  }

  /** It is a member no more; null where it was none. What was recorded of it stays. */
  synchronized Member remove(String session) {
    return on.remove(session);
  }

  /** Those that were added and not removed. */
  synchronized List<Member> on() {
    return List.copyOf(on.values());
  }

  String uri() {
    return uri;
  }

  Path work() {
    return work;
  }

  long began() {
    return began;
  }
}
