/** Live chunks and playlists reach the store in an order that players can follow. */
package org.reelway.live;
