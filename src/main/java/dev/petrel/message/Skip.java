package dev.petrel.message;

/** A provider that was passed over since the request's last event, and why. */
public record Skip(String provider, SkipReason reason) {}
