package org.reelway.stream.relay;

import java.util.LinkedHashMap;
import java.util.Map;
import org.reelway.stream.server.EventJson;

/**
 * By what an EvoStream server's pushes and pulls are known as ours: user variables, which it stores and gives back in its
 * listings and events. What carries no such mark is somebody else's.
 *
 * @param instance this Reelway's id, the same after a restart
 * @param task the relay's id
 */
record EmsMark(String instance, String task) {
  static final String OWNER = "_reelway";
  static final String TASK = "_reelwayTask";
  /** The servers that the stream came through, separated by commas. */
  static final String VIA = "_via";

  /** Whether a settings object carries this mark. */
  boolean isOn(EventJson settings) {
    return settings.text(OWNER).equals(instance) && settings.text(TASK).equals(task);
  }

  /** The parameters with the mark. */
  Map<String, String> on(Map<String, String> parameters) {
    Map<String, String> all = new LinkedHashMap<>(parameters);
    all.put(OWNER, instance);
    all.put(TASK, task);
    return all;
  }
}
