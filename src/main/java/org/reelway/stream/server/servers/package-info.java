/** One adapter for each media server: its requests become events. */
package org.reelway.stream.server.servers;
