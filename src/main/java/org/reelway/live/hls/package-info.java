/** HLS playlists: RFC 8216, and its second edition (draft-pantos-hls-rfc8216bis) for parts and gaps. */
package org.reelway.live.hls;
