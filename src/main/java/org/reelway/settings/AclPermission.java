package org.reelway.settings;

/** What an object's ACL can grant. */
public enum AclPermission {
  READ,
  READ_ACP,
  WRITE_ACP,
  FULL_CONTROL
}
