package dev.petrel.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Leaves the values of one topic where they are: whoever goes by keys and headers alone need not have them copied. They
 * read as empty; none stays none.
 */
final class WithoutValues implements Deserializer<byte[]> {
    private static final byte[] LEFT_OUT = {};

    private final String topic;

    WithoutValues(String topic) {
        this.topic = topic;
    }

    @Override
    public byte[] deserialize(String from, byte[] value) {
        return value == null || !from.equals(topic) ? value : LEFT_OUT;
    }

    @Override
    public byte[] deserialize(String from, Headers headers, ByteBuffer value) {
        return value == null || !from.equals(topic) ? Deserializer.super.deserialize(from, headers, value) : LEFT_OUT;
    }
}
