/** The player's page, and the route by which it gets what was published. */
package org.reelway.camel.watch;
