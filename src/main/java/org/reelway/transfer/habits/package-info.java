/** What a store does in all that clients of S3 rely on, found by asking, as a file that can be kept and compared. */
package org.reelway.transfer.habits;
