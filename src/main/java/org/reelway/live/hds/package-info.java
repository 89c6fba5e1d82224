/**
 * HDS: manifests (Adobe's F4M specification 1.0, and 2.0 for manifests of manifests), and bootstraps with their fragments
 * (Adobe's F4V specification, annex C: the boxes abst, asrt and afrt).
 */
package org.reelway.live.hds;
