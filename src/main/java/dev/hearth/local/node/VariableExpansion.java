package dev.hearth.local.node;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes' {@code $(NAME)}: an unknown name stays as it is, {@code $$} escapes. */
final class VariableExpansion {
    private static final Pattern REFERENCE = Pattern.compile("\\$(\\$|\\(([-._a-zA-Z][-._a-zA-Z0-9]*)\\))");

    private VariableExpansion() {}

    static String expand(String text, Map<String, String> variables) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            var name = match.group(2);
            return Matcher.quoteReplacement(name == null ? "$" : variables.getOrDefault(name, match.group()));
        });
    }
}
