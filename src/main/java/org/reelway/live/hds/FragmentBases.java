package org.reelway.live.hds;

import java.util.List;

/** What stands in front of {@code Seg1-Frag1} in the URIs of a bootstrap's fragments, from the bootstrap on. */
interface FragmentBases {
  /** More than one where qualities share a bootstrap; none where nobody knows yet. */
  List<String> list();

  /** As a manifest says. */
  record Known(List<String> list) implements FragmentBases {}
}
