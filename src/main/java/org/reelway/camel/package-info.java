/** Thin adapters between routes and the domain; the only package, with {@code app}, that knows Camel. */
package org.reelway.camel;
