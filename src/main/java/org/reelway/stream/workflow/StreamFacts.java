package org.reelway.stream.workflow;

import java.util.Optional;

/**
 * What a driver knows of a stream, by name. Those below are told by the API under the same names, as the AWS live-streaming
 * module has them; all others are the driver's own.
 */
public interface StreamFacts {
  /** Where publishers send to, with the stream's secret key. */
  String RTMP1 = "rtmp1";
  /** A second one, for failover. */
  String RTMP2 = "rtmp2";
  /** The playlist of the stream, whether it is on the live address or not. */
  String VIEWER = "viewer_endpoint";
  /** The public live address; it plays while the stream is live. */
  String PUBLIC_VIEWER = "viewer_endpoint_cloudfront";
  String LIVE_CHANNEL = "live_channel_id";
  String LIVE_INPUT = "live_input_id";
  String PACKAGE_CHANNEL = "package_channel_id";
  String PACKAGE_ENDPOINT = "package_endpoint_id";
  /** Two paths with a comma between. */
  String SSM_PATHS = "ssm_paths";
  /** {@code true} while it is on the public live address. */
  String IS_PUBLIC = "cloudfront_associated";

  Optional<String> get(String name);

  /** On disk when it returns. */
  void set(String name, String value);

  /** On disk when it returns. */
  void remove(String name);
}
