/**
 * The live workflow: streams that are created, started, put on the live address, split, stopped and deleted by the API of
 * {@code /streams}. What is wanted of a stream is in the state; a driver brings about what is wanted.
 */
package org.reelway.stream.workflow;
