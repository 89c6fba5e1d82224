/**
 * The broker over which sidecars hand each other mixes. All but {@link org.reelway.camel.queue.Broker} needs the libraries of
 * {@code queue-lib}.
 */
package org.reelway.camel.queue;
