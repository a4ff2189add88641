package dev.petrel.control;

/** An order that can't be given: which field is wrong, and what is allowed. It never holds the value. */
public final class InvalidOrder extends IllegalArgumentException {
    private final String field;
    private final String allowed;

    /** @param allowed in words, what would be right */
    public InvalidOrder(String field, String allowed) {
        super(field + ": must be " + allowed);
        this.field = field;
        this.allowed = allowed;
    }

    /** What whoever gave the order reads. */
    public String words() {
        return field + ": must be " + allowed;
    }

    public String field() {
        return field;
    }
}
