package org.reelway.settings.access;

import java.util.Locale;

/** What an account may do. */
public enum Role {
  /** Look at everything, and change nothing. */
  READ,
  /** Everything. */
  OPERATE,
  /** Post the hooks of a media server, and see nothing. */
  HOOKS;

  /** As the access file has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
