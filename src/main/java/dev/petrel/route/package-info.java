/**
 * In which order would we try providers? A pure function of the request and of the candidates with their states. Open
 * {@link dev.petrel.route.RoutePlanner} first.
 */
package dev.petrel.route;
