/** How a recording becomes an object: key, plan, parts, completion, verification. */
package org.reelway.transfer;
