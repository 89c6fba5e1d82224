/** A support bundle: what somebody needs to know who is to find a fault, without secrets. */
package org.reelway.app.support;
