package org.reelway.live.hds;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.reelway.live.Edition;
import org.reelway.live.PlaylistKind;
import org.reelway.live.Published;

/**
 * HDS bootstraps in files of their own. Which fragments one means is told by the manifest that names it; one that has no
 * manifest is known by its name.
 */
public final class BootstrapKind implements PlaylistKind {
  private final String name;
  private final FragmentBases bases;

  /** @param name of bootstraps that no manifest names, beside those that end in {@code .abst} */
  public BootstrapKind(String name) {
    this(name, new FragmentBases.Known(List.of()));
  }

  private BootstrapKind(String name, FragmentBases bases) {
    this.name = name;
    this.bases = bases;
  }

  static BootstrapKind of(List<String> bases) {
    return new BootstrapKind("", new FragmentBases.Known(List.copyOf(bases)));
  }

  @Override
  public String word() {
    return "hds";
  }

  @Override
  public String extension() {
    return "abst";
  }

  @Override
  public boolean takes(String fileName) {
    return fileName.equals(name) || PlaylistKind.super.takes(fileName);
  }

  @Override
  public PlaylistKind of(Path file) {
    return new BootstrapKind(name, new FolderBases(file));
  }

  /** Its fragments are those of its numbers beside it, whatever their names begin with. */
  @Override
  public PlaylistKind ofStored() {
    return of(List.of("*"));
  }

  @Override
  public boolean isWhole(byte[] bytes) {
    return BoxReader.size(bytes) == bytes.length;
  }

  @Override
  public Edition read(byte[] bytes) {
    return BootstrapEdition.of(PlaylistKind.small(bytes), bases.list());
  }

  @Override
  public Published readPublished(byte[] bytes, String memo) {
    return BootstrapPublished.of(PlaylistKind.small(bytes), bases.list(), BootstrapMemo.parse(memo));
  }

  @Override
  public Optional<Published> archived(Published archive, Published live, Published next) {
    return BootstrapArchive.of(
            (BootstrapPublished) archive, (BootstrapPublished) live, (BootstrapPublished) next, bases.list())
        .map(version -> version);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BootstrapKind kind && kind.name.equals(name) && kind.bases.equals(bases);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, bases);
  }
}
