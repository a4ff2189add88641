package dev.petrel.simulator;

import org.jspecify.annotations.Nullable;

/**
 * Whose message it is, as the client said.
 *
 * @param authToken the password that came with the request, right or wrong; null: none came
 */
record Account(String sid, @Nullable String authToken) {
    @Override
    public String toString() {
        return "Account[" + sid + "]";
    }
}
