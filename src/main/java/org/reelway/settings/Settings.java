package org.reelway.settings;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;
import org.reelway.settings.SettingsException.Problem;
import org.reelway.settings.Sources.Given;

/**
 * All settings, valid one by one and together. Overrides win over the environment, which wins over the file, which wins
 * over the defaults; an empty value counts as not given.
 */
public final class Settings {
  private static final String MASK = "*****";

  private final Catalog catalog;
  private final Map<Setting<?>, Given> given;
  private final Map<Setting<?>, Object> values;
  private final Map<String, Given> others;
  private final Map<Setting<?>, ChangingFiles<?>> secretFiles;

  private Settings(Sources sources, Map<Setting<?>, Object> values, Map<Setting<?>, ChangingFiles<?>> secretFiles) {
    this.catalog = sources.catalog();
    this.given = sources.given();
    this.values = values;
    this.others = sources.others();
    this.secretFiles = secretFiles;
  }

  /**
   * @param fileOrNull in {@link java.util.Properties} syntax, UTF-8
   * @param environment of the process; variables that do not start with {@code REELWAY_} are not looked at
   * @param overrides from key to text, from the command line
   * @throws SettingsException that lists every problem there is
   */
  public static Settings load(Path fileOrNull, Map<String, String> environment, Map<String, String> overrides) {
    return load(fileOrNull, environment, overrides, Set.of());
  }

  /** As above; a setting of {@code required} without value is a problem too. */
  public static Settings load(
      Path fileOrNull, Map<String, String> environment, Map<String, String> overrides, Set<Setting<?>> required) {
    return load(fileOrNull, environment, overrides, required, true);
  }

  /**
   * As above.
   *
   * @param secretFiles whether files of secrets are read; a media server's script may well not be allowed to. Where not, such
   *     a secret is null, and {@link #now} reads it
   */
  public static Settings load(
      Path fileOrNull, Map<String, String> environment, Map<String, String> overrides, Set<Setting<?>> required,
      boolean secretFiles) {
    PropertiesFile file = fileOrNull == null ? null : PropertiesFile.read(fileOrNull);
    if (file != null && !file.isRead()) {
      // What it does not say is not known: a setting that seems to be missing may stand in it.
      throw new SettingsException(file.problems());
    }
    Sources sources = Sources.read(file, environment, overrides);
    List<Problem> problems = new ArrayList<>(sources.problems());
    Map<Setting<?>, ChangingFiles<?>> files = new ConcurrentHashMap<>();
    Map<Setting<?>, Object> values = parse(sources, problems, secretFiles ? files : null);
    Settings settings = new Settings(sources, values, files);
    settings.checkPresence(required, problems);
    settings.checkTogether(problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return settings;
  }

  /** Every setting there is without named stores, in the order of the docs. */
  public static List<Setting<?>> all() {
    return Catalog.FIXED.settings();
  }

  /** The named stores, in the order in which {@code reelway.stores} has them. */
  public Map<String, StoreGroup> stores() {
    return catalog.stores();
  }

  /** The value, or the default; null for an optional setting that is not set. */
  @SuppressWarnings("unchecked")
  public <T> T get(Setting<T> setting) {
    return (T) values.get(setting); // put there by this very setting's parse
  }

  /**
   * The value as it is now: a secret's file is read again where it has changed.
   *
   * @throws InputFailure where the file was not read before, and cannot be
   */
  public <T> T now(Setting<T> setting) {
    ChangingFiles<T> file = secretFile(setting);
    return file == null ? get(setting) : file.now();
  }

  /** As {@link #now} read it last: no file is looked at that was read before. */
  public <T> T last(Setting<T> setting) {
    ChangingFiles<T> file = secretFile(setting);
    return file == null ? get(setting) : file.last();
  }

  /** Reads files of secrets again where they have changed. */
  public void lookAtSecrets() {
    secretFiles.values().forEach(ChangingFiles::now);
  }

  /** Which files of secrets are not read as they are, and why. */
  public List<String> secretTroubles() {
    return secretFiles.entrySet().stream()
        .flatMap(each -> each.getValue().trouble().map(found -> each.getKey() + "-file: " + found).stream())
        .sorted().toList();
  }

  /** The file that holds a secret; empty where it is given as such. */
  public Optional<Path> fileOf(Setting<?> setting) {
    return Optional.ofNullable(given.get(setting)).map(Given::file);
  }

  @SuppressWarnings("unchecked")
  private <T> ChangingFiles<T> secretFile(Setting<T> setting) {
    Given text = given.get(setting);
    return text == null || text.file() == null ? null
        : (ChangingFiles<T>) secretFiles.computeIfAbsent(setting, each -> secretFile(each, text.file()));
  }

  private static <T> ChangingFiles<T> secretFile(Setting<T> setting, Path file) {
    try {
      return new ChangingFiles<>(
          setting + "-file", List.of(file), bytes -> {
            String text = new String(bytes.get(0), StandardCharsets.UTF_8).strip();
            if (text.isEmpty()) {
              throw new InputFailure("the file " + file + " is empty; write the secret into it");
            }
            return setting.parse(text);
          });
    } catch (InputFailure e) {
      throw new InputFailure(setting + "-file: " + e.getMessage(), e);
    }
  }

  /**
   * The value of a setting that the caller cannot do without.
   *
   * @throws InputFailure that names the key and its environment variable when there is none
   */
  public <T> T require(Setting<T> setting) {
    T value = last(setting);
    if (value == null) {
      throw new InputFailure(missing(setting).line());
    }
    return value;
  }

  /** Whether file, environment or an override gives it. */
  public boolean isSet(Setting<?> setting) {
    return given.containsKey(setting);
  }

  /** Every key that is no secret with its text, for {@code {{...}}} in routes; empty where there is no value. */
  public Map<String, String> placeholders() {
    Map<String, String> texts = new LinkedHashMap<>();
    catalog.settings().stream().filter(setting -> !setting.secret()).forEach(setting -> texts.put(setting.key(), text(setting)));
    return Collections.unmodifiableMap(texts);
  }

  /** What is set of everything secret, so that it can be taken out of what is shown: not for display. */
  public Set<String> secretTexts() {
    return catalog.settings().stream().filter(setting -> setting.secret() && isSet(setting) && fileOf(setting).isEmpty())
        .map(this::text).collect(Collectors.toSet());
  }

  /** Files that hold secrets, or may: each alone, accounts, or a profile's credentials. */
  public Set<Path> secretFiles() {
    return catalog.settings().stream()
        .flatMap(setting -> setting.secret() ? fileOf(setting).stream()
            : Stream.of(setting).filter(each -> each.key().endsWith("-file")).map(this::get)
                .filter(Path.class::isInstance).map(Path.class::cast))
        .collect(Collectors.toSet());
  }

  /** The keys of the file that are not Reelway's, in the order of the file. */
  public Map<String, String> others() {
    Map<String, String> texts = new LinkedHashMap<>();
    others.forEach((key, text) -> texts.put(key, text.text()));
    return Collections.unmodifiableMap(texts);
  }

  /** The places of the same keys, in the order of the file. Nobody knows which of their values are secrets. */
  public Map<String, String> placesOfOthers() {
    Map<String, String> places = new LinkedHashMap<>();
    others.forEach((key, text) -> places.put(key, text.where()));
    return Collections.unmodifiableMap(places);
  }

  /** Every setting, in the order of the docs, for display. */
  public List<InForce> inForce() {
    return catalog.settings().stream().map(this::inForce).toList();
  }

  private InForce inForce(Setting<?> setting) {
    boolean changed = isSet(setting) && (given.get(setting).file() != null
        || !text(setting).equals(setting.defaultText()) && !Objects.equals(get(setting), setting.defaultValue()));
    return new InForce(
        setting.key(), shown(setting), isSet(setting) ? where(setting) : InForce.DEFAULT, changed, setting.secret());
  }

  /** Every key of Reelway with its text, for display: secrets that are set are masked. */
  public Map<String, String> effective() {
    Map<String, String> texts = new LinkedHashMap<>();
    catalog.settings().forEach(setting -> texts.put(setting.key(), shown(setting)));
    return Collections.unmodifiableMap(texts);
  }

  @Override
  public String toString() {
    return effective().toString();
  }

  /** The text for display; a secret is masked. */
  String shown(Setting<?> setting) {
    return setting.secret() && isSet(setting) ? MASK : text(setting);
  }

  /** Secrets too: not for display. */
  String text(Setting<?> setting) {
    return isSet(setting) ? given.get(setting).text() : setting.defaultText();
  }

  /** @param files where files of secrets are put; null where they are not to be read, and their secrets have no values */
  private static Map<Setting<?>, Object> parse(
      Sources sources, List<Problem> problems, Map<Setting<?>, ChangingFiles<?>> files) {
    Map<Setting<?>, Object> values = new HashMap<>();
    for (Setting<?> setting : sources.catalog().settings()) {
      Given text = sources.given().get(setting);
      try {
        if (text == null || text.file() == null) {
          values.put(setting, text == null ? setting.defaultValue() : setting.parse(text.text()));
        } else if (files != null) {
          ChangingFiles<?> file = secretFile(setting, text.file());
          files.put(setting, file);
          values.put(setting, file.last());
        }
      } catch (InputFailure e) {
        problems.add(new Problem(text.where(), text.file() == null ? setting.key() : "", e.getMessage()));
      }
    }
    return values;
  }

  private void checkPresence(Set<Setting<?>> required, List<Problem> problems) {
    catalog.settings().stream()
        .filter(required::contains)
        .filter(setting -> values.containsKey(setting) && values.get(setting) == null)
        .forEach(setting -> problems.add(missing(setting)));
  }

  private void checkTogether(List<Problem> problems) {
    for (CrossRule rule : catalog.rules()) {
      if (values.keySet().containsAll(rule.reads())) {
        rule.check().apply(this)
            .ifPresent(message -> problems.add(new Problem(where(rule.about()), rule.about().key(), message)));
      }
    }
  }

  private String where(Setting<?> setting) {
    return isSet(setting) ? given.get(setting).where() : "";
  }

  private static Problem missing(Setting<?> setting) {
    return new Problem("", setting.key(), "is not set; " + setting.howToSet());
  }
}
