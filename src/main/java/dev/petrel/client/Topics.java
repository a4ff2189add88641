package dev.petrel.client;

/** The names of Petrel's topics. */
public record Topics(String requests, String status, String feedback, String availability) {
    public static Topics usual() {
        return new Topics("sms.requests", "sms.status", "sms.feedback", "sms.availability");
    }
}
