/**
 * The live workflow by AWS: a MediaLive input and channel, a MediaPackage channel with an HLS endpoint, and a cache behaviour
 * of a CloudFront distribution for each stream. Shapes and states are those of the public API references of these services.
 */
package org.reelway.stream.workflow.aws;
