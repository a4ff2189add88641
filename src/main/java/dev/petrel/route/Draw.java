package dev.petrel.route;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A draw that can be made again: uniform by SHA-256 of what it is for. */
final class Draw {
    private Draw() {}

    /** In (0, 1), both ends excluded. */
    static double uniform(String requestId, int round, String provider) {
        byte[] input = (requestId + '/' + round + '/' + provider).getBytes(StandardCharsets.UTF_8);
        long bits = ByteBuffer.wrap(sha256().digest(input)).getLong() >>> 11; // 53 bits, what a double can hold
        return (bits + 0.5) / (1L << 53);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
