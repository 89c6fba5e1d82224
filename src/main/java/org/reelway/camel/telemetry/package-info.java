/**
 * Traces for an OpenTelemetry collector. {@link org.reelway.camel.telemetry.Traces} is the way in, and the only class that loads
 * without the libraries of telemetry-lib.
 */
package org.reelway.camel.telemetry;
