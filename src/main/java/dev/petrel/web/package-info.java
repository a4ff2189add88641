/**
 * The edge to HTTP: health and metrics on a port of their own. Open {@link dev.petrel.web.ManagementServer} first.
 */
package dev.petrel.web;
