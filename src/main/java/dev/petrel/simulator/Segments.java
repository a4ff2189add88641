package dev.petrel.simulator;

/** How many parts a text goes in, as the vendors count them: GSM 03.38 or UCS-2. */
final class Segments {
    /** 3GPP TS 23.038, table 6.2.1; and 6.2.1.1, whose characters take two places. */
    private static final String BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private static final String EXTENDED = "\f^{}\\[~]|€";
    private static final byte[] PLACES = new byte[Character.MAX_VALUE + 1];

    static {
        BASIC.chars().forEach(c -> PLACES[c] = 1);
        EXTENDED.chars().forEach(c -> PLACES[c] = 2);
    }

    private Segments() {}

    static int of(String text) {
        int septets = 0;
        for (int i = 0; i < text.length(); i++) {
            byte places = PLACES[text.charAt(i)];
            if (places == 0) {
                return parts(text.length(), 70, 67);
            }
            septets += places;
        }
        return parts(septets, 160, 153);
    }

    private static int parts(int length, int single, int each) {
        return length <= single ? 1 : (length + each - 1) / each;
    }
}
