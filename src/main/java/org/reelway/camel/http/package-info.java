/** The HTTP servers: who may ask, limits of what is asked, TLS, and the form of answers that no route gives. */
package org.reelway.camel.http;
