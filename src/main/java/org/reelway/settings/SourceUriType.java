package org.reelway.settings;

import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Where ffmpeg reads streams, with placeholders. No credentials: every user of the machine sees ffmpeg's arguments. */
final class SourceUriType implements ValueType<String> {
  private static final Pattern FORM = Pattern.compile("(rtmps?|rtsps?|srt|https?)://[!-~]{1,500}");
  private static final Pattern USER_INFO = Pattern.compile("[A-Za-z]+://[^/?#]*@.*");

  private final String allowed;

  /** @param placeholders such as {@code {stream}} */
  SourceUriType(String placeholders) {
    this.allowed = "an rtmp, rtmps, rtsp, rtsps, srt, http or https URI with " + placeholders;
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
    if (USER_INFO.matcher(text).matches()) {
      // Not quoted: what stands before the @ is a secret.
      throw new InputFailure("the URI holds a user name or a password (an @ before its host), which every user of this"
          + " machine would see in the list of processes; remove it, and let the media server know this machine otherwise");
    }
    if (!FORM.matcher(text).matches()) {
      throw new InputFailure(Shown.quoted(text) + " is not valid here; allowed: " + allowed);
    }
    return text;
  }
}
