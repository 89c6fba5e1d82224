package org.reelway.settings;

import java.util.List;

/** The settings that belong together, in the order of the docs. */
public record SettingGroup(String title, String text, List<Setting<?>> settings) {
  public SettingGroup {
    settings = List.copyOf(settings);
  }
}
