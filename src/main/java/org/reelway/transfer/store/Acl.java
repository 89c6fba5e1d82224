package org.reelway.transfer.store;

/** Who may do what with an object, where its bucket does not say so alone. */
public sealed interface Acl {
  Acl NONE = new None();

  /** No ACL is sent. */
  record None() implements Acl {}

  /** @param word as {@code x-amz-acl} has it */
  record Canned(String word) implements Acl {}

  /**
   * @param permission the end of {@code x-amz-grant-…}: {@code read}, {@code read-acp}, {@code write-acp} or {@code
   *     full-control}
   * @param group URI
   */
  record GroupGrant(String permission, String group) implements Acl {}
}
