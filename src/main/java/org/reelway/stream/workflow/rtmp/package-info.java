/**
 * RTMP as far as ingests need it: publishers are taken at a door that asks for their key, and streams of a media server are
 * played. Sources: Adobe's RTMP 1.0 and AMF 0; what encoders and servers make of them.
 */
package org.reelway.stream.workflow.rtmp;
