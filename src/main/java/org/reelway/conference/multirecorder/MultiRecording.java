package org.reelway.conference.multirecorder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reelway.stream.relay.StreamSource;

/** A multi-recording that goes on. Safe for several threads: the streams' writers tell of their pieces. */
final class MultiRecording {
  private final String uri;
  private final Path work;
  private final long began;
  private final List<Member> members = new ArrayList<>();
  private final Map<String, Member> on = new LinkedHashMap<>();
  private final List<String> tasks = new ArrayList<>();
  private int pieces;
  private long ended;

  /** A stream that was added, until it was removed. */
  final class Member implements MemberPieces.Member {
    private final String streamName;
    private final String session;
    private final String app;
    private final StreamSource source;
    private final List<String> files = new ArrayList<>();
    private String task = "";
    private int times;
    private boolean isHere;
    private volatile boolean otherCodecs;

    private Member(String streamName, String session, String app, StreamSource source) {
      this.streamName = streamName;
      this.session = session;
      this.app = app;
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

    /** @param id empty when it runs no more */
    void runs(String id) {
      task = id;
      if (!id.isEmpty()) {
        tasks.add(id);
      }
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
        new SessionNotes.Note(uri, began, members.stream().map(MultiRecording::noteOf).toList(), "", false, ended));
  }

  private static SessionNotes.MemberNote noteOf(Member member) {
    return new SessionNotes.MemberNote(
        member.streamName, member.session, List.copyOf(member.files), member.app, member.times);
  }

  /** It is over; what its name tells comes from here, whenever its file is made. */
  synchronized void ends(long at) throws IOException {
    ended = at;
    note();
  }

  /** From now on it is a member; false where it is one already. */
  synchronized boolean add(String streamName, String session, String app, StreamSource source) {
    if (on.containsKey(session)) {
      return false;
    }
    Member member = new Member(streamName, session, app, source);
    members.add(member);
    on.put(session, member);
    try {
      comes(member);
    } catch (UncheckedIOException e) {
      members.remove(member);
      on.remove(session);
      throw e;
    }
    return true;
  }

  /** Its stream is there from now on; false where it was already. */
  synchronized boolean comes(Member member) {
    if (member.isHere) {
      return false;
    }
    member.times++;
    member.isHere = true;
    try {
      note();
    } catch (IOException e) {
      member.times--;
      member.isHere = false;
      throw new UncheckedIOException("who is in the multi-recording " + uri + " cannot be noted: " + e, e);
    }
    return true;
  }

  /** Its stream is not there any more; false where it was not. */
  synchronized boolean goes(Member member) {
    boolean was = member.isHere;
    member.isHere = false;
    return was;
  }

  /** As it is told, this time. @param fileName as far as it is known */
  synchronized MultiRecorders.Membership membership(Member member, String fileName) {
    return new MultiRecorders.Membership(
        uri, fileName, member.app, member.session, member.streamName,
        occasion(work, members.indexOf(member), member.times));
  }

  /** The same at the beginning and the end of the time for which a member is there, and no other's. */
  static String occasion(Path work, int member, int time) {
    return work.getFileName() + " " + member + " " + time;
  }

  /** It is a member no more; null where it was none. What was recorded of it stays. */
  synchronized Member remove(String session) {
    return on.remove(session);
  }

  /** How often a stream was added. */
  synchronized int added() {
    return members.size();
  }

  /** Those that were added and not removed. */
  synchronized List<Member> on() {
    return List.copyOf(on.values());
  }

  /** Recorders of all its members, also of those that are asked to end: they write until they have. */
  List<String> tasks() {
    return List.copyOf(tasks);
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
