package org.reelway.transfer.store;

import java.net.URI;
import java.time.Duration;

/**
 * A role to assume.
 *
 * @param sessionName shown in the provider's logs
 * @param externalId null where the role asks for none
 * @param duration how long its credentials are to be valid
 * @param endpoint of the security token service; null for AWS in the region
 */
public record Role(String arn, String sessionName, String externalId, Duration duration, URI endpoint) {}
