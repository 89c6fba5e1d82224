package org.reelway.settings.evostream;

import java.util.List;

/** A value of a JSON file, with its line (from 1). Texts may be secrets, so none is shown. */
sealed interface Json {
  int line();

  /** What it is, for messages. */
  String kind();

  /** A member of an object. */
  record Member(String name, int line, Json value) {}

  /** An object. */
  record Members(int line, List<Member> all) implements Json {
    public Members {
      all = List.copyOf(all);
    }

    @Override
    public String kind() {
      return "an object";
    }
  }

  /** An array. */
  record Items(int line, List<Json> all) implements Json {
    public Items {
      all = List.copyOf(all);
    }

    @Override
    public String kind() {
      return "an array";
    }
  }

  /** A text. */
  record Text(int line, String value) implements Json {
    @Override
    public String kind() {
      return "text";
    }

    @Override
    public String toString() {
      return "text in line " + line;
    }
  }

  /** A number, as it is written. */
  record Number(int line, String value) implements Json {
    @Override
    public String kind() {
      return "a number";
    }
  }

  /** True or false. */
  record Flag(int line, boolean value) implements Json {
    @Override
    public String kind() {
      return String.valueOf(value);
    }
  }

  /** Null. */
  record Nothing(int line) implements Json {
    @Override
    public String kind() {
      return "null";
    }
  }
}
