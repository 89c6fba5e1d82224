package org.reelway.settings;

import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Text that matches a rule, which is named in words. */
final class StringType implements ValueType<String> {
  static final StringType HOST = matching("[A-Za-z0-9._:%-]{1,255}", "a host name or an IP address, without port");
  static final StringType REGION = matching("[A-Za-z0-9-]{1,64}", "letters, digits and hyphens");
  static final StringType BUCKET =
      matching("[A-Za-z0-9._-]{3,63}", "3 to 63 letters, digits, dots, hyphens and underscores");
  static final StringType USERNAME = matching("[^:\\p{Cntrl}]{1,255}", "at most 255 characters, no colon");
  static final StringType PROFILE = matching("[^\\[\\]\\p{Cntrl}]{1,255}", "the name of a section in the profile file");
  static final StringType PREFIX = matching(
      "(?!.*(^|/)\\.\\.?(/|$))[^\\p{Cntrl}\\\\]{0,200}",
      "at most 200 characters, segments separated by /, none of them . or .., no backslash");

  static final StringType FILE_NAME =
      matching("(?!\\.)[^\\p{Cntrl}/\\\\]{1,200}", "at most 200 characters, no slash, no dot in front");

  static final StringType SUFFIX =
      matching("[A-Za-z0-9._-]{1,40}", "1 to 40 letters, digits, dots, hyphens and underscores");
  static final StringType STORAGE_CLASS =
      matching("[A-Za-z0-9_.-]{1,64}", "one word of letters, digits, underscores, dots and hyphens");
  static final StringType KMS_KEY = matching("[A-Za-z0-9:/_.-]{1,2048}", "a key id, an ARN or an alias");
  static final StringType ACCOUNT = matching("[A-Za-z0-9._-]{1,128}", "an account id, on AWS 12 digits");
  static final StringType GRANTEE = matching(
      "https?://[!-~&&[^\",]]{1,200}", "the URI of a group, such as http://acs.amazonaws.com/groups/global/AllUsers");
  static final StringType HEADER = matching("[ -~]{1,200}", "at most 200 characters of printable ASCII");

  private final Pattern form;
  private final String allowed;

  private StringType(Pattern form, String allowed) {
    this.form = form;
    this.allowed = allowed;
  }

  static StringType matching(String form, String allowed) {
    return new StringType(Pattern.compile(form), allowed);
  }

  @Override
  public String text() {
    return "text";
  }

  @Override
  public String allowed() {
    return allowed;
  }

  @Override
  public String parse(String text) {
    if (!form.matcher(text).matches()) {
      throw new InputFailure(Shown.quoted(text) + " is not valid here; allowed: " + allowed);
    }
    return text;
  }
}
