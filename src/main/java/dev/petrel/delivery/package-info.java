/**
 * The life of a message: guard, plan, walk the route, settle. Open {@link dev.petrel.delivery.Delivery} first; all of
 * it runs on one event loop.
 */
package dev.petrel.delivery;
