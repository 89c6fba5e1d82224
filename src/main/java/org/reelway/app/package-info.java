/** The program itself: its commands, what they print on a terminal, and what is put together at the start. */
package org.reelway.app;
