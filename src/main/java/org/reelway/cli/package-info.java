/** What commands print on a terminal. */
package org.reelway.cli;
