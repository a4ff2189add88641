/**
 * Twilio's Programmable Messaging. twilio-java makes the request, Petrel's own pool sends it, and {@link
 * dev.petrel.provider.twilio.TwilioErrors} says what its codes mean. Open {@link
 * dev.petrel.provider.twilio.TwilioProvider} first.
 */
package dev.petrel.provider.twilio;
