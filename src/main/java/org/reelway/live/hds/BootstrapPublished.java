package org.reelway.live.hds;

import java.util.List;
import org.reelway.live.NamedFile;
import org.reelway.live.Published;

/** A bootstrap as the store has it. */
record BootstrapPublished(
    byte[] bytes, BootstrapBox box, List<HdsFragment> fragments, List<NamedFile> names, BootstrapMemo memory)
    implements Published {

  static BootstrapPublished of(byte[] bytes, List<String> bases, BootstrapMemo memory) {
    BootstrapBox box = BootstrapBox.parse(bytes);
    List<HdsFragment> fragments = FragmentTable.of(box);
    List<NamedFile> names =
        fragments.stream()
            .filter(fragment -> !fragment.lost())
            .flatMap(fragment -> bases.stream().map(base -> NamedFile.whole(fragment.uri(base))))
            .toList();
    return new BootstrapPublished(bytes, box, fragments, names, memory);
  }

  /** 0 where there is none. */
  long first() {
    return fragments.isEmpty() ? 0 : fragments.get(0).number();
  }

  /** One less than {@link #first} where there is none. */
  long last() {
    return first() + fragments.size() - 1;
  }

  /** Whether players were told that nothing has this number. */
  boolean lacks(long number) {
    return number >= first() && number <= last() && fragments.get((int) (number - first())).lost();
  }

  @Override
  public String memo() {
    return memory.text();
  }

  @Override
  public boolean ended() {
    return !box.live();
  }

  @Override
  public String inWords() {
    return fragments.isEmpty() ? "nothing" : first() + " to " + last();
  }
}
