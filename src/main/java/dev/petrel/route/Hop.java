package dev.petrel.route;

/** One provider in a route, with its state when the route was planned and the reason it is there. */
public record Hop(Candidate candidate, Why why) {

    public String provider() {
        return candidate.provider();
    }

    /** Why a hop stands in a route. */
    public enum Why {
        /** The request named its providers. */
        NAMED,
        /** The route gives the order. */
        PRIORITY,
        /** Drawn by weight among those of one priority. */
        WEIGHT
    }
}
