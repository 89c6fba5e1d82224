/** One budget of bytes a second for everything that is sent. */
package org.reelway.transfer.bandwidth;
