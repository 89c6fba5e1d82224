package org.reelway.conference.mixer;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a mix is to be like.
 *
 * @param callbackUrl for who tells of mixes; empty for none
 * @param minAvailableSpace bytes that have to stay free where the mix is written
 * @param width of the picture; even
 * @param height of the picture; even
 * @param fps pictures a second
 * @param cropping whether pictures fill their tiles and lose their edges; else they are shown whole
 * @param background {@code 0xRRGGBB}
 * @param font a file; empty for one of the machine's
 * @param fontSize in lines of the picture
 */
public record MixSettings(
    boolean hasVideo,
    boolean hasAudio,
    boolean displaysNames,
    boolean multithreading,
    String callbackUrl,
    long minAvailableSpace,
    int width,
    int height,
    int fps,
    int videoKbps,
    int audioKbps,
    Layout layout,
    boolean cropping,
    String background,
    Optional<Path> font,
    int fontSize) {}
