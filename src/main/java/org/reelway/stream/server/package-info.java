/** What media servers do: their events in one form, whatever server they come from, and what they are asked. */
package org.reelway.stream.server;
