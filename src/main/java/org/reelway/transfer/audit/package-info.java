/** What shows that the bucket holds what it should: manifests, the audit, and the janitor of our own unfinished uploads. */
package org.reelway.transfer.audit;
