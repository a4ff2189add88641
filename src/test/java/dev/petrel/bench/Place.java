package dev.petrel.bench;

/**
 * Where one run of a pipeline takes place.
 *
 * @param inFlight the connections to a provider, and the requests that may be with it
 */
record Place(String bootstrapServers, String twilioUrl, String snsUrl, String requests, String status, int inFlight) {
    static final String STATUS = "sms.status";
    static final String DEAD_LETTERS = "sms.requests.dlq";
    static final String FEEDBACK = "sms.feedback";
    static final String AVAILABILITY = "sms.availability";
    static final String CONTROL = "sms.control";
    static final String INSTANCES = "sms.instances";
}
