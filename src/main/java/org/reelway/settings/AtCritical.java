package org.reelway.settings;

/** What happens when a recordings disk is nearly full. */
public enum AtCritical {
  /** It is told: log, health, metric, route. */
  ALARM,
  /** It is told, and every file that is verified in the store is deleted, oldest first, until the alarm is over. */
  DELETE_VERIFIED
}
