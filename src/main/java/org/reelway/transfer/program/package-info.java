/** An operator's own programs, run before a recording is sent: at least once, bounded, and none holds up another recording. */
package org.reelway.transfer.program;
