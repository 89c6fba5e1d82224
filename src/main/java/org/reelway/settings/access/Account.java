package org.reelway.settings.access;

/** Whoever logged in; the name is plain text without colons, spaces and control characters where the access file has it. */
public record Account(String name, Role role) {
  /** Where nobody is asked who he is. */
  public static final Account ANYBODY = new Account("", Role.OPERATE);
}
