/** The three classes of failure, the same in code, routes, logs and metrics; and what every room has in common. */
package org.reelway.failure;
