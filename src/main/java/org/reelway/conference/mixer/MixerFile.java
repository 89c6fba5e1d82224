package org.reelway.conference.mixer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;
import org.reelway.settings.MessageText;

/**
 * Reads {@code offline_mixer.json}: the keys of Flashphoner's file of that name, and for what it has none those of its
 * real-time mixer. Values may be strings, numbers or booleans.
 */
public final class MixerFile {
  private static final String NAME = "offline_mixer.json";
  private static final List<String> KEYS =
      List.of(
          "hasVideo", "hasAudio", "mixerDisplayStreamName", "multithreading", "callbackUrl", "minAvailableSpace",
          "mixerVideoWidth", "mixerVideoHeight", "mixerVideoFps", "mixerVideoBitrateKbps", "mixerAudioBitrateKbps",
          "mixerLayout", "mixerCrop", "mixerBackground", "mixerFont", "mixerFontSize");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*([KMGT]?)(i?B)?", Pattern.CASE_INSENSITIVE);
  private static final Pattern COLOUR = Pattern.compile("(?:#|0x)?([0-9a-fA-F]{6})");

  private final String source;
  private final JsonNode values;

  private MixerFile(String source, JsonNode values) {
    this.source = source;
    this.values = values;
  }

  /** What holds where nothing is set. */
  public static MixSettings defaults() {
    return of("defaults", "{}");
  }

  /**
   * The file that counts: the one that is named, else {@code offline_mixer.json} beside the program, else none.
   *
   * @param named null for none
   * @param home folder of the program
   * @throws InputFailure as {@link #read}, or it cannot be read
   */
  public static MixSettings inUse(Path named, Path home) {
    Path usual = home.resolve(NAME);
    if (named == null && !Files.exists(usual)) {
      return defaults();
    }
    Path file = named == null ? usual : named;
    try {
      return read(file);
    } catch (IOException e) {
      throw new InputFailure("the mixer's settings " + file + " cannot be read: " + e + "; name them by reelway.mixer.settings", e);
    }
  }

  /**
   * @throws InputFailure it is no JSON object, or a key or value is not known; the message says what is allowed
   * @throws IOException it cannot be read
   */
  public static MixSettings read(Path file) throws IOException {
    return of(file.toString(), Files.readString(file));
  }

  static MixSettings of(String source, String text) {
    try {
      JsonNode values = JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build().readTree(text);
      if (!values.isObject()) {
        throw new InputFailure(source + " holds no JSON object; write one, such as {\"hasVideo\": \"true\"}");
      }
      return new MixerFile(source, values).settings();
    } catch (JsonProcessingException e) {
      throw new InputFailure(
          source + " is no JSON, line " + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()) + ": "
              + e.getOriginalMessage(),
          e);
    }
  }

  private MixSettings settings() {
    for (Iterator<String> names = values.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!KEYS.contains(name)) {
        throw new InputFailure(
            source + ": there is no key " + name + "; the nearest is " + MessageText.nearest(name, KEYS) + ", all are "
                + String.join(", ", KEYS));
      }
    }
    MixSettings settings =
        new MixSettings(
            flag("hasVideo", true), flag("hasAudio", true), flag("mixerDisplayStreamName", true),
            flag("multithreading", false), callbackUrl(), size(),
            even("mixerVideoWidth", 1280), even("mixerVideoHeight", 720), number("mixerVideoFps", 30, 1, 120),
            number("mixerVideoBitrateKbps", 2000, 16, 100_000), number("mixerAudioBitrateKbps", 128, 16, 512),
            layout(), flag("mixerCrop", false), background(), font(), number("mixerFontSize", 20, 6, 400));
    if (!settings.hasVideo() && !settings.hasAudio()) {
      throw new InputFailure(source + ": hasVideo and hasAudio are both false, so that nothing is left to mix");
    }
    return settings;
  }

  private String text(String key, String otherwise) {
    JsonNode value = values.path(key);
    if (value.isContainerNode()) {
      throw wrong(key, value.toString(), "one value");
    }
    return value.isMissingNode() || value.isNull() ? otherwise : value.asText().strip();
  }

  private boolean flag(String key, boolean otherwise) {
    String text = text(key, Boolean.toString(otherwise));
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, text, "true or false");
    };
  }

  private int number(String key, int otherwise, int least, int most) {
    String text = text(key, Integer.toString(otherwise));
    String allowed = "a whole number from " + least + " to " + most;
    if (!text.matches("\\d{1,9}")) {
      throw wrong(key, text, allowed);
    }
    int value = Integer.parseInt(text);
    if (value < least || value > most) {
      throw wrong(key, text, allowed);
    }
    return value;
  }

  /** What is in it may be secret, so it is not told. */
  private String callbackUrl() {
    String text = text("callbackUrl", "");
    try {
      URI uri = URI.create(text);
      boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (text.isEmpty() || isHttp && uri.getHost() != null) {
        return text;
      }
    } catch (IllegalArgumentException noUri) {
      // Told below.
    }
    throw new InputFailure(
        source + ": callbackUrl is no URL; allowed is one such as https://backend.example/callback, or nothing");
  }

  private int even(String key, int otherwise) {
    int value = number(key, otherwise, 64, 7680);
    if (value % 2 != 0) {
      throw wrong(key, Integer.toString(value), "an even number, as H.264 needs one");
    }
    return value;
  }

  private long size() {
    String text = text("minAvailableSpace", "1G");
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw wrong("minAvailableSpace", text, "a number of bytes, or one with K, M, G or T, such as 1G");
    }
    int power = " KMGT".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2).toUpperCase(Locale.ROOT));
    long unit = 1L << 10 * power;
    return Math.min(Long.parseLong(matcher.group(1)), Long.MAX_VALUE / unit) * unit;
  }

  private Layout layout() {
    String text = text("mixerLayout", Layout.GRID.word());
    for (Layout layout : Layout.values()) {
      if (layout.word().equals(text)) {
        return layout;
      }
    }
    throw wrong("mixerLayout", text, String.join(", ", Layout.words()));
  }

  private String background() {
    String text = text("mixerBackground", "000000");
    Matcher matcher = COLOUR.matcher(text);
    if (!matcher.matches()) {
      throw wrong("mixerBackground", text, "a colour as six hexadecimal digits, such as 202020");
    }
    return "0x" + matcher.group(1);
  }

  private Optional<Path> font() {
    String text = text("mixerFont", "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Path font = Path.of(text).toAbsolutePath();
    if (!Files.isReadable(font)) {
      throw wrong("mixerFont", text, "a file of a font (.ttf, .otf, .ttc) that can be read");
    }
    return Optional.of(font);
  }

  private InputFailure wrong(String key, String found, String allowed) {
    return new InputFailure(source + ": " + key + " is \"" + found + "\"; allowed is " + allowed);
  }
}
