package dev.petrel.message;

import java.time.Instant;

/**
 * All that is to be known of one attempt by an instance that hears of it later and knows nothing else: what a callback's
 * token carries, so that any instance can tell any receipt.
 *
 * @param partition of the request's record, and so of its statuses
 * @param offset of the request's record
 * @param number of the attempt within its request, from 1
 * @param round the walk over the route's hops in which it was made, from 1
 * @param masked what may be shown of the recipient's number
 * @param recordedAt the timestamp of the request's record
 */
public record AttemptTicket(
        String requestId,
        int partition,
        long offset,
        String attemptId,
        int number,
        int round,
        String provider,
        String country,
        String masked,
        Instant recordedAt,
        Instant expiresAt) {}
