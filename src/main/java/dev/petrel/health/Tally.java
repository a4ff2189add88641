package dev.petrel.health;

/** How many of those that have a verdict did not arrive. */
record Tally(int lost, int judged) {
    static final Tally NONE = new Tally(0, 0);

    boolean mostAreLost() {
        return lost * 2 > judged;
    }

    float percentLost() {
        return judged == 0 ? 0 : 100f * lost / judged;
    }
}
