package dev.petrel.message;

/**
 * How many parts a text takes on the air, which is what providers bill: 160 septets or 70 UCS-2 units in one part, 153
 * or 67 in each of several (3GPP TS 23.038 for the alphabet, TS 23.040 for the concatenation header).
 */
public final class Segments {
    private static final String BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private static final String EXTENDED = "\f^{}\\[~]|€";
    /** Septets by character below this bound; the Greek capitals and the euro lie above and are looked up. */
    private static final byte[] SEPTETS = new byte[0x100];

    static {
        for (char c = 0; c < SEPTETS.length; c++) {
            SEPTETS[c] = slowSeptets(c);
        }
    }

    private Segments() {}

    public static int of(String text) {
        int septets = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int width = c < SEPTETS.length ? SEPTETS[c] : slowSeptets(c);
            if (width == 0) {
                return parts(text.length(), 70, 67);
            }
            septets += width;
        }
        return parts(septets, 160, 153);
    }

    private static int parts(int units, int single, int each) {
        return units <= single ? 1 : (units + each - 1) / each;
    }

    private static byte slowSeptets(char c) {
        if (BASIC.indexOf(c) >= 0) {
            return 1;
        }
        return (byte) (EXTENDED.indexOf(c) >= 0 ? 2 : 0);
    }
}
