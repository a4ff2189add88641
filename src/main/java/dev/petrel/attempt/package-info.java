/**
 * One try at one provider: breaker, rest, in-flight limit, pacing, timeout, timing. The only home of Resilience4j. Open
 * {@link dev.petrel.attempt.GuardedProvider} first.
 */
package dev.petrel.attempt;
