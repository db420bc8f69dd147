package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which Chrome, started how. The arguments that Hearth itself sets, and those that would weaken the sandbox or run another
 * program, are refused: everything else is the pool author's choice.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "self.args.all(a, !a.matches('^--(no-sandbox|disable-setuid-sandbox|disable-namespace-sandbox"
                + "|disable-seccomp-filter-sandbox|disable-gpu-sandbox|no-zygote-sandbox|single-process|no-zygote"
                + "|disable-web-security|disable-site-isolation-trials|allow-file-access-from-files)(=|$)'))",
        message = "args must not weaken Chrome's sandbox or its site isolation (--no-sandbox,"
                + " --disable-web-security, --single-process, …)",
        fieldPath = ".args")
@ValidationRule(
        value =
                "self.args.all(a, !a.matches('^--disable-features=(.*,)?[ ]*(IsolateOrigins|site-per-process"
                        + "|SitePerProcess|StrictOriginIsolation|OriginKeyedProcessesByDefault|NetworkServiceSandbox)[ ]*([,<].*)?$'))",
        message = "args must not disable features that isolate sites or the network service (IsolateOrigins,"
                + " SitePerProcess, NetworkServiceSandbox, …)",
        fieldPath = ".args")
@ValidationRule(
        value = "self.args.all(a, !a.matches('^--(remote-.*|user-data-dir|headless|profile-directory)(=|$)'))",
        message = "args must not set --remote-*, --user-data-dir, --profile-directory or --headless: Hearth sets them",
        fieldPath = ".args")
@ValidationRule(
        value = "self.args.all(a, !a.matches('^--(.*-cmd-prefix|.*-launcher|browser-subprocess-path|load-extension"
                + "|disable-extensions-except|load-component-extension|proxy-.*|no-proxy-server|host-resolver-rules|host-rules"
                + "|log-net-log|ssl-key-log-file|crash-dumps-dir|enable-logging)(=|$)'))",
        message = "args must not run other programs, load extensions, choose a proxy or write files (--*-cmd-prefix,"
                + " --gpu-launcher, --load-extension, --proxy-server, …)",
        fieldPath = ".args")
@ValidationRule(
        value = "self.env.all(e, self.env.exists_one(o, o.name == e.name))",
        message = "env names must be unique",
        fieldPath = ".env")
public record ChromeSpec(
        @JsonPropertyDescription("Container image with Chrome or Chromium in it; by digest where it must not change.")
        @Required
        @Size(min = 1, max = 512)
        @Pattern("^[a-zA-Z0-9][-a-zA-Z0-9._:/]*(@sha256:[a-f0-9]{64})?$")
        @PrinterColumn(name = "Image", priority = 1)
        String image,

        @JsonPropertyDescription("Chrome's executable inside the image; the operator's configured one where unset.")
        @Size(min = 1, max = 256)
        @Pattern("^/[-a-zA-Z0-9._/]+$")
        @Nullable
        String command,

        @JsonPropertyDescription("More arguments for Chrome, each starting with --.") @Default("[]") @Size(max = 64)
        List<@Size(min = 3, max = 512) @Pattern("^--[a-z0-9][-a-zA-Z0-9]*(=.*)?$") String> args,

        @JsonPropertyDescription("Environment of Chrome's container.") @Default("[]") @Size(max = 64)
        List<Variable> env,

        @JsonPropertyDescription("When the image is pulled.") @Default("IfNotPresent")
        PullPolicy imagePullPolicy,

        @JsonPropertyDescription("Secrets of this namespace to pull the image with.") @Default("[]") @Size(max = 8)
        List<@Size(min = 1, max = 253) String> imagePullSecrets) {

    public ChromeSpec {
        args = args == null ? List.of() : List.copyOf(args);
        env = env == null ? List.of() : List.copyOf(env);
        imagePullPolicy = imagePullPolicy == null ? PullPolicy.IF_NOT_PRESENT : imagePullPolicy;
        imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
    }
}
