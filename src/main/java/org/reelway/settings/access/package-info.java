/** Who may ask the HTTP servers and Hawtio: accounts with roles, of the settings and of the access file. */
package org.reelway.settings.access;
