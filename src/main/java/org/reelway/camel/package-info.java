/** Thin adapters between routes and the domain; the only package, with {@code check}, that knows Camel. */
package org.reelway.camel;
