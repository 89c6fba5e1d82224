/** What the demo brings along so that nothing needs to be installed. */
package org.reelway.app.demo;
