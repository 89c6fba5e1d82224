/** The three classes of failure, the same in code, routes, logs and metrics. */
package org.reelway.failure;
