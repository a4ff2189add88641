package dev.petrel.kafka;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Kafka's own fake, which also refuses records as the real one does: by a callback within {@code send}. */
final class ScriptedProducer extends MockProducer<byte[], byte[]> {
    /** What is wrong with a record that can't be queued; null where nothing is. */
    Function<ProducerRecord<byte[], byte[]>, @Nullable Exception> refuses = record -> null;

    int sends;

    ScriptedProducer() {
        super(Cluster.empty(), false, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        sends++;
        Exception refusal = refuses.apply(record);
        if (refusal == null) {
            return super.send(record, callback);
        }
        callback.onCompletion(null, refusal);
        return CompletableFuture.failedFuture(refusal);
    }
}
