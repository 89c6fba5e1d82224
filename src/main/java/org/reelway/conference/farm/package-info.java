/** A mixing farm: mixes that any sidecar of a fleet may make. The orders are in the state that all share. */
package org.reelway.conference.farm;
