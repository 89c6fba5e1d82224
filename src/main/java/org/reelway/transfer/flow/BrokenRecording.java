package org.reelway.transfer.flow;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * An unfinished file as the API shows it.
 *
 * @param state {@code watched}: it may still be written; {@code held}: a process has it open; {@code waiting} for its
 *     turn or for room on the disk; {@code repairing}; {@code sending}; {@code ignored}: it holds no media
 * @param since this state was first seen by this run of the program
 * @param note more in words; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BrokenRecording(String file, String state, Instant since, String note) {}
