package dev.petrel.simulator;

import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whose HTTP a simulated provider speaks. The names in lower case are the words of the command line and the JSON. */
public enum Vendor {
    /** {@code POST /2010-04-01/Accounts/{sid}/Messages.json}, answered in JSON. */
    TWILIO {
        @Override
        String messageId(long high, long low) {
            return "SM" + hex(high) + hex(low);
        }

        @Override
        Dialect dialect(@Nullable String credential) {
            return new TwilioDialect(credential);
        }
    },

    /** {@code POST /} with {@code Action=Publish}, answered in XML. */
    SNS {
        @Override
        String messageId(long high, long low) {
            return new UUID(high, low).toString();
        }

        @Override
        Dialect dialect(@Nullable String credential) {
            return new SnsDialect(credential);
        }
    };

    abstract String messageId(long high, long low);

    abstract Dialect dialect(@Nullable String credential);

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String hex(long bits) {
        String digits = Long.toHexString(bits);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
