/**
 * The settings: each is declared once with its key, type, default, rule and text, and that declaration gives parsing,
 * validation, error texts, {@code docs/settings.md} and {@code application.properties}.
 */
package org.reelway.settings;
