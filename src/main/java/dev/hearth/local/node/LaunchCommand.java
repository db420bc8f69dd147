package dev.hearth.local.node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a container's process is given: its argument vector and its whole environment. Pure. */
record LaunchCommand(List<String> argv, Map<String, String> environment) {
    /**
     * What the machine gives besides the plan.
     *
     * @param base environment that a declaration may override (PATH, HOME, …)
     * @param imposed environment that it may not
     */
    record Surroundings(PathMapping paths, boolean root, Map<String, String> base, Map<String, String> imposed) {}

    /** @param secret not looked into for mount paths: a secret is handed over as it is */
    record Value(String text, boolean secret, boolean literal) {}

    static LaunchCommand of(
            LocalImages.Program program,
            ContainerPlan plan,
            LinkedHashMap<String, Value> declared,
            Surroundings surroundings) {
        var seen = new LinkedHashMap<String, String>();
        var environment = new LinkedHashMap<>(surroundings.base());
        declared.forEach((name, value) -> {
            // Expanded before mapped: $(BASE)/profile may become a mount path only then. Only literals are expanded.
            var text = value.literal() ? VariableExpansion.expand(value.text(), seen) : value.text();
            seen.put(name, text);
            environment.put(name, value.secret() ? text : surroundings.paths().apply(text));
        });
        environment.putAll(surroundings.imposed());
        UnaryOperator<String> here = word -> surroundings.paths().apply(VariableExpansion.expand(word, seen));
        var argv = new ArrayList<String>();
        plan.keeper().forEach(word -> argv.add(here.apply(word)));
        argv.addAll(program.argv());
        if (surroundings.root()) {
            argv.addAll(program.asRoot());
        }
        if (!plan.sharedMemory()) {
            argv.addAll(program.withoutSharedMemory());
        }
        plan.arguments().forEach(argument -> argv.add(here.apply(argument)));
        return new LaunchCommand(List.copyOf(argv), Map.copyOf(environment));
    }

    /** Values may be secrets. */
    @Override
    public String toString() {
        return "LaunchCommand[" + argv.getFirst() + ", " + environment.keySet() + "]";
    }
}
