/**
 * Reads the settings, builds everything from the bottom package up, starts and stops it. Nobody imports this package.
 * Open {@link dev.petrel.app.Main} first, then {@link dev.petrel.app.Gateway}.
 */
package dev.petrel.app;
