package org.reelway.settings;

/**
 * A setting as it is in force, for display.
 *
 * @param value masked where it is a secret; empty where there is none
 * @param from {@code FILE:LINE}, {@code environment NAME}, {@code --set} or {@value #DEFAULT}
 * @param changed whether its value is another one than the default: {@code 60s} is {@code 1m}
 */
public record InForce(String key, String value, String from, boolean changed, boolean secret) {
  public static final String DEFAULT = "default";
}
