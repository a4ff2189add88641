package dev.petrel.bench;

/**
 * What all ways have in common.
 *
 * @param inFlight the connections to the provider, and the requests that may be open
 */
record Place(String bootstrapServers, String providerUrl, int inFlight) {
    static final String STATUS = "sms.status";
    static final String DEAD_LETTERS = "sms.requests.dlq";
    static final String FEEDBACK = "sms.feedback";
    static final String AVAILABILITY = "sms.availability";
    static final String CONTROL = "sms.control";
    static final String INSTANCES = "sms.instances";
}
