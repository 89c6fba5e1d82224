/** MBeans, and the two ways to look at them: Jolokia, and Hawtio with it. */
package org.reelway.camel.jmx;
