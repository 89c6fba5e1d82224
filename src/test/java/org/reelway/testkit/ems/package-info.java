/** A stand-in for EvoStream Media Server, written after its documents: commands over HTTP, events, and streams without media. */
package org.reelway.testkit.ems;
