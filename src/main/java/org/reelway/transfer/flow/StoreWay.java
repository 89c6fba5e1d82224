package org.reelway.transfer.flow;

import org.reelway.transfer.Transfers;

/**
 * The way into one store.
 *
 * @param second where its recordings go while it takes none
 */
public record StoreWay(Transfers transfers, StoreOutlook outlook, SecondStore second) {}
