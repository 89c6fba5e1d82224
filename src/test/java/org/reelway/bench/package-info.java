/**
 * Side-by-side measurements: what Reelway costs the machine beside rclone, the AWS CLI, s3cmd and curl. Started by
 * {@code bench/run}; see docs/speed.md.
 */
package org.reelway.bench;
