package org.reelway.settings.imports;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;
import org.reelway.settings.imports.Counterpart.Step;
import org.reelway.settings.imports.WowzaApplication.Property;

/**
 * Every property of the Wowza S3 upload module (build 55), of its newer tree, and of its S3-compatible forks, with what
 * takes its place.
 *
 * @see <a href="https://github.com/WowzaMediaSystems/wse-plugin-s3upload">the module</a>
 */
final class WowzaProperties {
  /** How the module finds a region in an endpoint: {@code s3.}, {@code s3-} or {@code s3.dualstack.}, and the region. */
  private static final Pattern AWS_ENDPOINT =
      Pattern.compile("(?:https?://)?s3(?:\\.dualstack)?[.-]([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/?");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
  private static final Pattern AWS_GLOBAL = Pattern.compile("(?:https?://)?s3\\.amazonaws\\.com/?");

  private final Map<String, String> variables;

  /** @param variables of Wowza by name, without {@code ${}} */
  WowzaProperties(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  List<Counterpart<Property>> all() {
    return List.of(
        of("s3UploadAccessKey", "reelway.store.access-key", "The same."),
        of("s3UploadSecretKey", "reelway.store.secret-key",
            "The same; better given as `REELWAY_STORE_SECRET_KEY`. The import writes it only with `--with-secrets`."),
        new Counterpart<>(
            List.of("s3UploadAwsProfile", "s3UploadProfile"), List.of("reelway.store.profile"),
            "The same. Used where no static pair is given.", besidePair("reelway.store.profile")),
        new Counterpart<>(
            List.of("s3UploadAwsProfilePath", "s3UploadProfilePath"), List.of("reelway.store.profile-file"),
            "The same.", besidePair("reelway.store.profile-file")),
        of("s3UploadBucketName", "reelway.store.bucket", "The same."),
        of("s3UploadFilePrefix", "reelway.store.prefix",
            "The same; the slash after it is added. Of Wowza's variables the application's name and its folders are put in."),
        of("s3UploadRegion", "reelway.store.region", "The same."),
        new Counterpart<>(
            List.of("s3UploadEndpoint", "endpoint-url", "s3EndPointUrl"),
            List.of("reelway.store.endpoint", "reelway.store.region"),
            "A real endpoint, whatever its host and port. An address of AWS becomes its region, as builds 50 to 55 read it.",
            WowzaProperties::endpoint),
        new Counterpart<>(
            List.of("s3UploadPathStyleAccess"), List.of("reelway.store.path-style"),
            "The same; the default `auto` uses paths where an endpoint is set.",
            (property, to) -> to.set("reelway.store.path-style", String.valueOf(flag(property)), property.name())),
        new Counterpart<>(
            List.of("s3UploadUseDefaultRegion"), List.of("reelway.store.region"),
            "Where no region is set, the environment's or the profile's is used, else us-east-1.",
            (property, to) -> {
              if (!flag(property) && !to.has("reelway.store.region")) {
                to.note("s3UploadUseDefaultRegion=false: set reelway.store.region, so that none is looked for");
              }
            }),
        new Counterpart<>(
            List.of("s3UploadAllowBucketRegionOverride"), List.of("reelway.store.follow-region"),
            "The same: the bucket's own region is used when the store names another one.",
            (property, to) -> to.set("reelway.store.follow-region", String.valueOf(flag(property)), property.name())),
        new Counterpart<>(
            List.of("s3UploadCheckBucket"), List.of("reelway.store.check-bucket"),
            "The same; a bucket that is missing or denied never keeps Reelway from starting, and recordings wait for it.",
            (property, to) -> to.set("reelway.store.check-bucket", String.valueOf(flag(property)), property.name())),
        new Counterpart<>(
            List.of("s3UploadDebugLog"), List.of("reelway.log.level"),
            "`debug` tells every step. Failures are told at any level.",
            (property, to) -> to.set("reelway.log.level", flag(property) ? "debug" : "info", property.name())),
        new Counterpart<>(
            List.of("s3UploadResumeUploads"), List.of("reelway.recordings.on-restart"),
            "false is `discard`: markers go, files stay. Only Reelway's own uploads are aborted, never the whole bucket's;"
                + " `restart` would send the recordings from their start instead.",
            (property, to) ->
                to.set("reelway.recordings.on-restart", flag(property) ? "resume" : "discard", property.name())),
        new Counterpart<>(
            List.of("s3UploadRestartFailedUploads"), List.of(),
            "Always: a recording whose store is away is tried again for as long as it takes. false cannot be had.",
            (property, to) -> {
              if (!flag(property)) {
                to.note("s3UploadRestartFailedUploads=false: failed recordings are tried again all the same, see"
                    + " reelway.transfer.retry-max");
              }
            }),
        new Counterpart<>(
            List.of("s3UploadRestartFailedUploadTimeout"),
            List.of("reelway.transfer.retry-max", "reelway.transfer.retry-first"),
            "The longest wait; it is reached by doubling, with jitter.", WowzaProperties::retry),
        new Counterpart<>(
            List.of("s3UploadVersionFile"), List.of("reelway.transfer.on-existing"),
            "true is `version`, with the same names `_0`, `_1` …; chosen without the module's race.",
            (property, to) ->
                to.set("reelway.transfer.on-existing", flag(property) ? "version" : "overwrite", property.name())),
        new Counterpart<>(
            List.of("s3UploadStripRecorderVersioning"), List.of("reelway.transfer.strip-recorder-version"),
            "The same, but off unless it is set; the import sets it where the module's default was in force.",
            (property, to) ->
                to.set("reelway.transfer.strip-recorder-version", String.valueOf(flag(property)), property.name())),
        new Counterpart<>(
            List.of("s3UploadDeletOriginalFiles", "s3UploadDeleteOriginalFiles"), List.of("reelway.recordings.tidy"),
            "true is `delete`: only after the object was verified, and only the very file that was sent. Both spellings"
                + " are read, the right one wins.",
            (property, to) ->
                to.set("reelway.recordings.tidy", flag(property) ? "delete" : "keep", property.name())),
        new Counterpart<>(
            List.of("s3UploadDelay"), List.of("reelway.recordings.delay"), "The same.",
            (property, to) ->
                to.set("reelway.recordings.delay", duration(milliseconds(property)), property.name())),
        of("s3UploadACLGroupGranteeUri", "reelway.store.acl-grantee", "The same; goes with the permission."),
        new Counterpart<>(
            List.of("s3UploadACLPermissionRule"), List.of("reelway.store.acl-permission"),
            "The same word, such as `read` for READ.",
            (property, to) ->
                to.set(
                    "reelway.store.acl-permission", property.value().toLowerCase(Locale.ROOT).replace('_', '-'),
                    property.name())),
        new Counterpart<>(
            List.of("s3UploadCannedAcl"), List.of("reelway.store.acl"),
            "The same; none is sent by default, so that buckets without ACLs work.",
            WowzaProperties::cannedAcl),
        new Counterpart<>(
            List.of("streamRecorderOutputPath"), List.of("reelway.recordings.folder"),
            "The same; without it the application's `StorageDir`.",
            (property, to) ->
                to.set(
                    "reelway.recordings.folder",
                    resolved(property.value(), "reelway.recordings.folder", to),
                    property.name())),
        new Counterpart<>(
            List.of("s3UploadStreamNameRegex"), List.of("reelway.transfer.key"),
            "A fork's. A hook tells the stream's name; `{stream}` puts it into keys.",
            (property, to) -> to.note("s3UploadStreamNameRegex: tell the stream's name with `reelway hook recorded"
                + " --stream NAME` and use {stream} in reelway.transfer.key")),
        new Counterpart<>(
            List.of("s3UploadWebhookEndpoint"), List.of(),
            "A fork's. A step in `routes/30-recordings-verified` tells whoever should know (docs/routes.md).",
            (property, to) -> to.note("s3UploadWebhookEndpoint: add a step that calls it to"
                + " routes/30-recordings-verified, see docs/routes.md")));
  }

  private Counterpart<Property> of(String name, String key, String text) {
    return new Counterpart<>(
        List.of(name), List.of(key), text,
        (property, to) -> to.set(key, resolved(property.value(), key, to), property.name()));
  }

  /** The module takes the static pair first; two ways at once are an error here. */
  private static Step<Property> besidePair(String key) {
    return (property, to) -> {
      if (to.has("reelway.store.access-key") && to.has("reelway.store.secret-key")) {
        to.note(property.name() + " is left out: the static pair is used before it");
      } else {
        to.set(key, property.value(), property.name());
      }
    };
  }

  private static void endpoint(Property property, ImportedSettings to) {
    Matcher aws = AWS_ENDPOINT.matcher(property.value());
    if (AWS_GLOBAL.matcher(property.value()).matches()) {
      to.note(property.name() + " is AWS itself, which is the default; nothing is set for it");
    } else if (!aws.matches()) {
      String address = property.value().contains("://") ? property.value() : "https://" + property.value();
      to.set("reelway.store.endpoint", address, property.name());
    } else if (!to.has("reelway.store.region")) {
      to.set("reelway.store.region", aws.group(1), property.name());
    }
  }

  private static void retry(Property property, ImportedSettings to) {
    long most = Math.max(1, milliseconds(property));
    to.set("reelway.transfer.retry-max", duration(most), property.name());
    if (most < 1000) {
      to.set("reelway.transfer.retry-first", duration(most), property.name());
    }
  }

  private static void cannedAcl(Property property, ImportedSettings to) {
    if (to.has("reelway.store.acl-grantee") && to.has("reelway.store.acl-permission")) {
      to.note(property.name() + " is left out: the grantee with its permission is used before it");
    } else {
      to.set("reelway.store.acl", property.value(), property.name());
    }
  }

  private static boolean flag(Property property) {
    return switch (property.value().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "1" -> true;
      case "false", "no", "0", "" -> false;
      default -> throw bad(property, "true or false");
    };
  }

  private static long milliseconds(Property property) {
    try {
      long value = Long.parseLong(property.value());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, with what is allowed.
    }
    throw bad(property, "a number of milliseconds, 0 or more");
  }

  /** In the largest unit that says it exactly. */
  private static String duration(long milliseconds) {
    if (milliseconds % 60_000 == 0 && milliseconds > 0) {
      return milliseconds / 60_000 + "m";
    }
    return milliseconds % 1000 == 0 ? milliseconds / 1000 + "s" : milliseconds + "ms";
  }

  private static InputFailure bad(Property property, String allowed) {
    return new InputFailure(
        "line " + property.line() + ": " + property.name() + " is \"" + property.value() + "\"; allowed is " + allowed);
  }

  /** With the variables that are known put in; a note names those that are not. */
  String resolved(String text, String key, ImportedSettings to) {
    return VARIABLE.matcher(text).replaceAll(found -> {
      String value = variables.get(found.group(1));
      if (value == null) {
        to.note(key + ": Wowza's variable " + found.group() + " is not known here; write what it stands for");
      }
      return Matcher.quoteReplacement(value == null ? found.group(1) : value);
    });
  }
}
