/** Child processes: an argument list and no shell, a deadline, and only our own are ever ended. */
package org.reelway.media.process;
