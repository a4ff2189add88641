package dev.petrel.receipt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.message.AttemptTicket;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Packs a ticket into a token, and reads it back if we have signed it. A token is base64url without padding of: one byte
 * for the version (upper half) and the length of the key's id, that id, the ticket's fields, and the first 16 bytes of
 * the HMAC-SHA256 of all before. Strings carry their length, numbers are as long as they need to be, and the record's
 * time is in milliseconds, as Kafka has it. Signed and not encrypted: a provider that reads it learns nothing it does not
 * know, and the number is in it masked only.
 *
 * <p>A few microseconds each way. Not safe for several threads: one for each event loop.
 */
public final class CallbackTokens {
    /** What a token of the longest values comes to: ids of 64 and of 32, offsets of 63 bits. */
    static final int LONGEST = 290;

    private static final int VERSION = 1;
    private static final int SIGNATURE_BYTES = 16;
    private static final int NANOS_OF_MILLI = 1_000_000;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final Supplier<CallbackKeys> keys;
    private final Map<String, Mac> macs = new HashMap<>();
    private CallbackKeys known = CallbackKeys.none();
    private byte[] signer = {};
    private final Duration window;
    /** Room for more than a token may hold: ids come from Kafka and settings, which bound them. */
    private final ByteBuffer buffer = ByteBuffer.allocate(4096);

    /**
     * @param keys one at least; asked for each token, for they may change while we run
     * @param window how long after its attempt's expiry a token is good
     */
    public CallbackTokens(Supplier<CallbackKeys> keys, Duration window) {
        this.keys = keys;
        this.window = window;
        follow();
    }

    private void follow() {
        CallbackKeys now = keys.get();
        if (now.equals(known)) {
            return;
        }
        if (now.keys().isEmpty()) {
            throw new IllegalArgumentException("no key to sign with");
        }
        known = now;
        signer = now.keys().get(0).id().getBytes(ISO_8859_1);
        macs.clear();
        for (CallbackKeys.Key key : now.keys()) {
            macs.put(key.id(), mac(key.secret().value()));
        }
    }

    public String sign(AttemptTicket ticket) {
        follow();
        buffer.clear();
        buffer.put((byte) (VERSION << 4 | signer.length)).put(signer);
        putText(ticket.requestId());
        putNumber(ticket.partition());
        putNumber(ticket.offset());
        putText(ticket.attemptId());
        putNumber(ticket.number());
        putNumber(ticket.round());
        putText(ticket.provider());
        putText(ticket.country());
        putText(ticket.masked());
        long recordedAt = ticket.recordedAt().toEpochMilli();
        putNumber(zigzag(recordedAt));
        putNumber(zigzag(ticket.expiresAt().toEpochMilli() - recordedAt));
        putNumber(ticket.expiresAt().getNano() % NANOS_OF_MILLI);
        Mac mac = macs.get(new String(signer, ISO_8859_1));
        if (mac == null) {
            throw new IllegalStateException("the signer is one of the keys");
        }
        buffer.put(signature(mac, buffer.array(), buffer.position()), 0, SIGNATURE_BYTES);
        return ENCODER.encodeToString(Arrays.copyOf(buffer.array(), buffer.position()));
    }

    /** Empty if it is none of ours, was changed, is past its time, or was signed with a key that is gone. */
    public Optional<AttemptTicket> read(String token, Instant now) {
        follow();
        if (token.length() > LONGEST) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = DECODER.decode(token);
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
        int signed = bytes.length - SIGNATURE_BYTES;
        if (signed < 1
                || !isOurs(bytes, signed)
                || !ENCODER.encodeToString(bytes).equals(token)) {
            return Optional.empty(); // the last: one token, one spelling
        }
        AttemptTicket ticket = ticket(ByteBuffer.wrap(bytes, 0, signed));
        return ticket == null || now.isAfter(ticket.expiresAt().plus(window)) ? Optional.empty() : Optional.of(ticket);
    }

    private boolean isOurs(byte[] bytes, int signed) {
        int idLength = bytes[0] & 0xf;
        if (bytes[0] >> 4 != VERSION || 1 + idLength > signed) {
            return false;
        }
        Mac mac = macs.get(new String(bytes, 1, idLength, ISO_8859_1));
        if (mac == null) {
            return false;
        }
        byte[] right = Arrays.copyOf(signature(mac, bytes, signed), SIGNATURE_BYTES);
        return MessageDigest.isEqual(right, Arrays.copyOfRange(bytes, signed, bytes.length));
    }

    /** Null if a version of ours wrote it that packs otherwise. */
    private static @Nullable AttemptTicket ticket(ByteBuffer in) {
        try {
            in.position(1 + (in.get(0) & 0xf));
            String requestId = text(in);
            int partition = (int) number(in);
            long offset = number(in);
            String attemptId = text(in);
            int number = (int) number(in);
            int round = (int) number(in);
            String provider = text(in);
            String country = text(in);
            String masked = text(in);
            long recordedAt = unzigzag(number(in));
            long life = unzigzag(number(in));
            Instant expiresAt = Instant.ofEpochMilli(recordedAt + life).plusNanos(number(in));
            return new AttemptTicket(
                    requestId,
                    partition,
                    offset,
                    attemptId,
                    number,
                    round,
                    provider,
                    country,
                    masked,
                    Instant.ofEpochMilli(recordedAt),
                    expiresAt);
        } catch (BufferUnderflowException | IllegalArgumentException foreign) {
            return null;
        }
    }

    private void putText(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        putNumber(bytes.length);
        buffer.put(bytes);
    }

    private static String text(ByteBuffer in) {
        int length = (int) number(in);
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        String text = new String(in.array(), in.position(), length, UTF_8);
        in.position(in.position() + length);
        return text;
    }

    /** Seven bits in a byte, the lowest first, as long as the upper bit is set. */
    private void putNumber(long number) {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            buffer.put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    private static long number(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            number |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("no number");
    }

    private static long zigzag(long number) {
        return number << 1 ^ number >> 63;
    }

    private static long unzigzag(long number) {
        return number >>> 1 ^ -(number & 1);
    }

    private static byte[] signature(Mac mac, byte[] bytes, int length) {
        mac.update(bytes, 0, length);
        return mac.doFinal();
    }

    private static Mac mac(String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA256", impossible);
        }
    }
}
