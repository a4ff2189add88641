package dev.petrel.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One variant as a process of its own: what it costs is the cost of the process, and no other variant has shaped its
 * compiled code. Takes commands line by line, answers each with {@code ok} and what was asked for, and ends with its
 * standard input, or by itself when something fails.
 */
final class VariantMain {
    static final String OK = "ok ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Variant variant;
    private @Nullable Pipeline pipeline;
    private @Nullable Cost begin;

    private VariantMain(Variant variant) {
        this.variant = variant;
    }

    /** @param args the variant */
    public static void main(String[] args) throws Exception {
        // the first place where the AWS SDK's default chain looks for credentials; invented ones
        System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
        System.setProperty("aws.secretAccessKey", "4nd1nv3nt3d1st00");
        try {
            VariantMain main = new VariantMain(Variant.of(args[0]));
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int space = line.indexOf(' ');
                System.out.println(OK + main.obey(line.substring(0, space), line.substring(space + 1)));
            }
            System.exit(0);
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1);
        }
    }

    private Object obey(String command, String argument) throws Exception {
        switch (command) {
            case "start" -> {
                pipeline = variant.pipeline(JSON.readValue(argument, Place.class));
                pipeline.start();
                return pipeline.managementPort();
            }
            case "begin" -> {
                begin = Cost.now();
                return "";
            }
            case "end" -> {
                return JSON.writeValueAsString(Cost.now().since(begin));
            }
            case "weigh" -> {
                return JSON.writeValueAsString(Footprint.now());
            }
            case "stop" -> {
                pipeline.stop();
                return "";
            }
            default -> throw new IllegalArgumentException(command);
        }
    }
}
