/** How transfers are seen from outside: history, metrics, MBeans. */
package org.reelway.transfer.observe;
