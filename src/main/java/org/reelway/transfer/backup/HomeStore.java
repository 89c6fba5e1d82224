package org.reelway.transfer.backup;

import org.reelway.transfer.Transfers;
import org.reelway.transfer.flow.StoreOutlook;

/**
 * A store whose recordings the backup takes while it takes none.
 *
 * @param name as {@code reelway.stores} has it; empty for the primary
 * @param address for people
 */
public record HomeStore(
    String name, String address, Transfers transfers, StoreOutlook outlook, PrimaryTrouble trouble) {}
