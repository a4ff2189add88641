package dev.petrel.message;

import com.google.i18n.phonenumbers.Phonemetadata.PhoneMetadata;
import com.google.i18n.phonenumbers.Phonemetadata.PhoneNumberDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The numbering plan of one country: libphonenumber's own rules, their patterns compiled once and for good. The library
 * keeps the latest hundred, which a dozen countries fill: from then on it compiles some for every number.
 *
 * <p>National numbers are what follows the calling code. Not safe for several threads: a matcher is made once, too.
 */
final class CountryPlan {
    private final String country;
    private final @Nullable Matcher leadingDigits;
    private final @Nullable Matcher nationalPrefix;
    private final Rule any;
    private final List<Integer> localLengths;
    private final List<Rule> special = new ArrayList<>();
    private final Rule fixedLine;
    private final Rule mobile;
    private final boolean sameMobileAndFixedLine;

    /** Numbers of one type. */
    private record Rule(
            NumberType type,
            List<Integer> lengths,
            @Nullable Matcher pattern) {
        Rule(NumberType type, PhoneNumberDesc desc) {
            this(type, List.copyOf(desc.getPossibleLengthList()), matcher(desc.getNationalNumberPattern()));
        }

        boolean matches(String national) {
            return pattern != null
                    && (lengths.isEmpty() || lengths.contains(national.length()))
                    && pattern.reset(national).matches();
        }
    }

    CountryPlan(String country, PhoneMetadata plan) {
        this.country = country;
        this.leadingDigits = matcher(plan.getLeadingDigits());
        this.nationalPrefix = matcher(plan.getNationalPrefixForParsing());
        this.any = new Rule(NumberType.UNKNOWN, plan.getGeneralDesc());
        this.localLengths = List.copyOf(plan.getGeneralDesc().getPossibleLengthLocalOnlyList());
        special(NumberType.PREMIUM_RATE, plan.getPremiumRate());
        special(NumberType.TOLL_FREE, plan.getTollFree());
        special(NumberType.SHARED_COST, plan.getSharedCost());
        special(NumberType.VOIP, plan.getVoip());
        special(NumberType.PERSONAL_NUMBER, plan.getPersonalNumber());
        special(NumberType.PAGER, plan.getPager());
        special(NumberType.UAN, plan.getUan());
        special(NumberType.VOICEMAIL, plan.getVoicemail());
        this.fixedLine = new Rule(NumberType.FIXED_LINE, plan.getFixedLine());
        this.mobile = new Rule(NumberType.MOBILE, plan.getMobile());
        this.sameMobileAndFixedLine = plan.getSameMobileAndFixedLinePattern();
    }

    private void special(NumberType type, PhoneNumberDesc desc) {
        Rule rule = new Rule(type, desc);
        if (rule.pattern != null) {
            special.add(rule);
        }
    }

    private static @Nullable Matcher matcher(String regex) {
        return regex.isEmpty() ? null : Pattern.compile(regex).matcher("");
    }

    String country() {
        return country;
    }

    /** Whether it may begin with what is dialled before a number within the country, and does not belong to it. */
    boolean mayHavePrefix(String national) {
        return nationalPrefix != null && nationalPrefix.reset(national).lookingAt();
    }

    boolean hasLengthOf(String national) {
        return any.lengths.contains(national.length()) || localLengths.contains(national.length());
    }

    /** Of those countries that share a calling code, some are known by leading digits alone. */
    boolean knownByLeadingDigits() {
        return leadingDigits != null;
    }

    boolean leads(String national) {
        return leadingDigits != null && leadingDigits.reset(national).lookingAt();
    }

    /** Unknown where the number is not assigned in this country. */
    NumberType type(String national) {
        if (!any.matches(national)) {
            return NumberType.UNKNOWN;
        }
        for (Rule rule : special) {
            if (rule.matches(national)) {
                return rule.type;
            }
        }
        if (fixedLine.matches(national)) {
            return sameMobileAndFixedLine || mobile.matches(national)
                    ? NumberType.FIXED_LINE_OR_MOBILE
                    : NumberType.FIXED_LINE;
        }
        return !sameMobileAndFixedLine && mobile.matches(national) ? NumberType.MOBILE : NumberType.UNKNOWN;
    }
}
