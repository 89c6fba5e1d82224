package org.reelway.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.reelway.failure.InputFailure;

/**
 * A program of the operator's with its arguments, as one line of text: words divided by spaces. Quotes, single or double,
 * keep spaces; nothing else is special, for no shell reads it. Elements in braces are filled inside their argument, which
 * stays one argument whatever a file or stream is called.
 */
public final class ProgramArguments {
  private static final Map<String, Function<Values, String>> ELEMENTS = elements();
  private static final String ALLOWED =
      ELEMENTS.keySet().stream().map(name -> "{" + name + "}").collect(Collectors.joining(" "));
  private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}|[{}]");
  private static final Set<String> OF_SHELLS =
      Set.of("|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>>", "2>&1", "&>");
  /** In words, for docs and messages. */
  static final String FORM =
      "a program and its arguments divided by spaces, those with spaces in \"…\" or '…'; elements: " + ALLOWED;

  static final ValueType<ProgramArguments> TYPE = ValueType.of("program", FORM, ProgramArguments::parse);

  private final String program;
  private final List<String> arguments;

  private ProgramArguments(String program, List<String> arguments) {
    this.program = program;
    this.arguments = List.copyOf(arguments);
  }

  /**
   * What the elements are filled with.
   *
   * @param file absolute path of the recording
   * @param path relative to its recordings folder, with {@code /}
   * @param name of the file
   * @param stream that was recorded; empty when not known
   * @param size bytes
   */
  public record Values(String file, String path, String name, String stream, String id, long size) {}

  private static Map<String, Function<Values, String>> elements() {
    Map<String, Function<Values, String>> all = new LinkedHashMap<>();
    all.put("file", Values::file);
    all.put("path", Values::path);
    all.put("name", Values::name);
    all.put("stream", Values::stream);
    all.put("id", Values::id);
    all.put("size", values -> Long.toString(values.size()));
    return all;
  }

  /** @throws InputFailure when a quote or brace has no partner, an element is unknown, or only a shell would know a word */
  public static ProgramArguments parse(String text) {
    List<String> words = new Words(text).all();
    String program = words.get(0);
    if (BRACES.matcher(program).find()) {
      throw refused(text, "has an element in the program's own name, which must be the same for every recording");
    }
    List<String> arguments = words.subList(1, words.size());
    arguments.forEach(argument -> requireKnown(text, argument));
    return new ProgramArguments(program, arguments);
  }

  private static void requireKnown(String text, String argument) {
    Matcher braces = BRACES.matcher(argument);
    while (braces.find()) {
      if (braces.group(1) == null) {
        throw refused(text, "has a " + braces.group() + " without its partner; allowed: " + ALLOWED);
      }
      if (!ELEMENTS.containsKey(braces.group(1))) {
        throw refused(text, "has the unknown element " + braces.group() + "; allowed: " + ALLOWED);
      }
    }
  }

  /** As it was written: a path, or a name that is looked for on the PATH. */
  public String program() {
    return program;
  }

  /** The arguments, as many as were written. */
  public List<String> filled(Values values) {
    return arguments.stream().map(argument -> filled(argument, values)).toList();
  }

  /** In one pass, so that braces in a name are only text. */
  private static String filled(String argument, Values values) {
    return BRACES.matcher(argument)
        .replaceAll(found -> Matcher.quoteReplacement(ELEMENTS.get(found.group(1)).apply(values)));
  }

  private static InputFailure refused(String text, String why) {
    return new InputFailure(MessageText.quoted(text) + " " + why);
  }

  /** Takes the line apart. */
  private static final class Words {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean quoted;

    private Words(String text) {
      this.text = text;
    }

    private List<String> all() {
      int at = 0;
      while (at < text.length()) {
        char each = text.charAt(at);
        if (each == '"' || each == '\'') {
          at = quoted(at, each);
        } else if (Character.isWhitespace(each)) {
          end();
        } else {
          word.append(each);
        }
        at++;
      }
      end();
      return words;
    }

    private int quoted(int open, char quote) {
      int close = text.indexOf(quote, open + 1);
      if (close < 0) {
        throw refused(text, "has a " + quote + " without its partner; a " + quote + " as such is written in the other quotes");
      }
      word.append(text, open + 1, close);
      quoted = true;
      return close;
    }

    private void end() {
      if (word.length() == 0 && !quoted) {
        return;
      }
      if (!quoted && OF_SHELLS.contains(word.toString())) {
        throw refused(text, "has " + word + ", which only a shell knows, and none is run; write a script, and name that");
      }
      words.add(word.toString());
      word.setLength(0);
      quoted = false;
    }
  }
}
