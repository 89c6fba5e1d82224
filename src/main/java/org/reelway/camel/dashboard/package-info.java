/** The dashboard's page, the flow of the routes, samples for its plots, and events. */
package org.reelway.camel.dashboard;
