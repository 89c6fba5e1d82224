package org.reelway.live.dash;

import java.util.List;
import java.util.Locale;
import org.reelway.live.NamedFile;
import org.reelway.live.Published;

/** A manifest in the store: it lists all that it names. */
record DashPublished(byte[] bytes, Mpd mpd, List<NamedFile> names, DashMemo memory) implements Published {

  static DashPublished of(byte[] bytes, DashMemo memory, long most) {
    Mpd mpd = OpenRuns.published(MpdReader.read(bytes, most), most);
    return new DashPublished(bytes, mpd, mpd.names(), memory);
  }

  @Override
  public String memo() {
    return memory == null ? "" : memory.text();
  }

  @Override
  public boolean ended() {
    return !mpd.isDynamic();
  }

  /** Nanoseconds at which all that it has is over. */
  long until() {
    return mpd.periods().stream().mapToLong(MpdPeriod::until).max().orElse(0);
  }

  @Override
  public String inWords() {
    long from = mpd.periods().stream().mapToLong(MpdPeriod::from).min().orElse(0);
    return String.format(Locale.ROOT, "%.1f s to %.1f s", from / 1e9, until() / 1e9);
  }
}
