/** The resources of the HTTP API: what routes call, and the records that they take and answer. */
package org.reelway.camel.api;
