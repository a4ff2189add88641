package dev.petrel.route;

/** One provider in a route, with its state when the route was planned. */
public record Hop(Candidate candidate) {

    public String provider() {
        return candidate.provider();
    }
}
