package dev.petrel.app;

import dev.petrel.config.InvalidSettings;
import dev.petrel.metrics.Meters;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings as they are now: what can change while Petrel runs follows the file, the files that it names and nothing
 * else. What is wrong, or needs a restart, is refused whole: the settings of before stay in force until the file is right.
 *
 * <p>Any thread may ask; one at a time looks.
 */
final class LiveSettings implements Supplier<Settings> {
    private static final Logger log = LoggerFactory.getLogger(LiveSettings.class);

    private final Supplier<Settings> file;
    private final Meters meters;
    private volatile Settings current;
    private volatile boolean refused;
    private List<String> told = List.of();

    /** @param file reads the settings anew; blocks, and throws {@link InvalidSettings} where they are wrong */
    LiveSettings(Settings first, Supplier<Settings> file, Meters meters) {
        this.current = first;
        this.file = file;
        this.meters = meters;
        meters.gauge(
                "petrel.settings.refused",
                "1 while the settings file is not what is in force: it is wrong, or needs a restart",
                null,
                () -> refused ? 1 : 0);
    }

    @Override
    public Settings get() {
        return current;
    }

    /** Blocks: reads files. */
    void look() {
        Settings read;
        try {
            read = file.get();
        } catch (InvalidSettings wrong) {
            refuse(wrong.mistakes());
            return;
        }
        Settings before = current;
        List<String> fixed = changesThatNeedARestart(before, read);
        if (!fixed.isEmpty()) {
            refuse(fixed);
            return;
        }
        refused = false;
        told = List.of();
        if (!read.equals(before)) {
            current = read;
            meters.settingsChanged();
            log.info("the settings have changed and are in force: {}", String.join(", ", changes(before, read)));
        }
    }

    private void refuse(List<String> mistakes) {
        refused = true;
        if (!mistakes.equals(told)) {
            told = List.copyOf(mistakes);
            log.error("the settings have changed and are refused; those of before stay in force");
            mistakes.forEach(mistake -> log.error("{}", mistake));
        }
    }

    private static List<String> changesThatNeedARestart(Settings before, Settings read) {
        List<String> lines = new ArrayList<>();
        fixed("petrel.kafka, or a drain", Settings::kafka, before, read, lines);
        fixed("petrel.request.default-lifetime or max-lifetime", Settings::request, before, read, lines);
        fixed("petrel.web", Settings::web, before, read, lines);
        if (before.tenantTokens().tokens().isEmpty()) {
            fixed("petrel.web.tokens, where there were none", Settings::tenantTokens, before, read, lines);
        }
        fixed("petrel.receipts.window", settings -> settings.receipts().window(), before, read, lines);
        fixed("petrel.management.port", settings -> settings.management().port(), before, read, lines);
        fixed("petrel.management.host", settings -> settings.management().host(), before, read, lines);
        fixed("petrel.tracing", Settings::tracing, before, read, lines);
        fixed("petrel.logging", Settings::logging, before, read, lines);
        fixed(
                "petrel.providers",
                settings ->
                        settings.providers().stream().map(Settings.Provider::id).toList(),
                before,
                read,
                lines);
        if (lines.isEmpty()) {
            for (Settings.Provider provider : before.providers()) {
                String id = provider.id();
                fixed(
                        "petrel.providers." + id + ", beyond its limits, its breaker and its token",
                        settings -> settings.provider(id).fixed(),
                        before,
                        read,
                        lines);
            }
        }
        return lines;
    }

    private static void fixed(
            String what, Function<Settings, Object> part, Settings before, Settings read, List<String> lines) {
        if (!Objects.equals(part.apply(before), part.apply(read))) {
            lines.add(what + ": changes with a restart only");
        }
    }

    private static List<String> changes(Settings before, Settings read) {
        List<String> parts = new ArrayList<>();
        changed("routes", Settings::routes, before, read, parts);
        changed("attempt, retry, in-flight or held", Settings::delivery, before, read, parts);
        changed("countries, types of number or tenants", Settings::guard, before, read, parts);
        changed("receipts", Settings::receipts, before, read, parts);
        changed("receipts.keys", Settings::keys, before, read, parts);
        changed("web.tokens", Settings::tenantTokens, before, read, parts);
        changed("management.tokens", settings -> settings.management().tokens(), before, read, parts);
        for (Settings.Provider provider : before.providers()) {
            String id = provider.id();
            changed("providers." + id, settings -> settings.provider(id), before, read, parts);
        }
        return parts;
    }

    private static void changed(
            String what, Function<Settings, Object> part, Settings before, Settings read, List<String> parts) {
        if (!Objects.equals(part.apply(before), part.apply(read))) {
            parts.add(what);
        }
    }
}
