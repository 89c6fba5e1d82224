package org.reelway.bench;

import java.util.Locale;

/** How the sink is spoken to. */
enum Scheme {
  HTTP,
  HTTPS;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
