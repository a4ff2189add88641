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
        return from.equals(topic) ? LEFT_OUT : value;
    }

    @Override
    public byte[] deserialize(String from, Headers headers, ByteBuffer value) {
        return from.equals(topic) ? LEFT_OUT : Deserializer.super.deserialize(from, headers, value);
    }
}
