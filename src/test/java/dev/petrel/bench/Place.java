package dev.petrel.bench;

/**
 * What both ways have in common.
 *
 * @param inFlight the connections to the provider, and the requests that may be open
 */
record Place(String bootstrapServers, String statusTopic, String deadLetterTopic, String providerUrl, int inFlight) {}
