/** Callbacks to backends: a durable outbox, signed deliveries, dead letters (docs/callbacks.md). */
package org.reelway.callback;
