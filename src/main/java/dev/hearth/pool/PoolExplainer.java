package dev.hearth.pool;

import java.util.List;

/** Says why a pool is as it is. Pure; always all four conditions, so that none is left over from an older truth. */
public final class PoolExplainer {
    private PoolExplainer() {}

    public static List<PoolCondition> explain(PoolTarget target, PoolPlan plan) {
        return List.of(ready(target, plan), available(target, plan), progressing(target, plan), degraded(plan));
    }

    private static PoolCondition ready(PoolTarget target, PoolPlan plan) {
        var counts = plan.counts();
        var warm = counts.warm() + " of " + target.replicas() + " browsers warm";
        if (target.ending() != PoolTarget.Ending.STAYS) {
            return new PoolCondition("Ready", false, "Draining", counts.claimed() + " sessions left");
        }
        if (counts.warm() >= target.replicas() && rolledOut(target, counts)) {
            return new PoolCondition("Ready", true, target.replicas() == 0 ? "ScaledToZero" : "AllWarm", warm);
        }
        if (target.paused()) {
            return new PoolCondition("Ready", false, "Paused", warm + "; paused by spec.paused");
        }
        var trouble = plan.trouble();
        if (trouble != null) {
            return new PoolCondition("Ready", false, trouble.kind().word(), warm + ": " + trouble.message());
        }
        if (limited(target, counts)) {
            return new PoolCondition(
                    "Ready", false, "LimitReached", warm + "; limits.maxBrowsers is " + target.maxBrowsers());
        }
        return counts.warm() >= target.replicas()
                ? new PoolCondition(
                        "Ready", false, "RollingOut", counts.updatedWarm() + " of " + target.replicas() + " updated")
                : new PoolCondition("Ready", false, "Starting", warm);
    }

    private static PoolCondition available(PoolTarget target, PoolPlan plan) {
        var warm = plan.counts().warm();
        if (target.ending() != PoolTarget.Ending.STAYS) {
            return new PoolCondition("Available", false, "Draining", "the pool is being deleted");
        }
        return warm > 0
                ? new PoolCondition("Available", true, "Warm", "a claim now gets a warm browser")
                : new PoolCondition("Available", false, "Empty", "no warm browser to claim");
    }

    private static PoolCondition progressing(PoolTarget target, PoolPlan plan) {
        var counts = plan.counts();
        if (target.paused()) {
            return new PoolCondition("Progressing", false, "Paused", "paused by spec.paused");
        }
        var trouble = plan.trouble();
        if (trouble != null) {
            return new PoolCondition("Progressing", false, trouble.kind().word(), trouble.message());
        }
        if (counts.starting() > 0 || counts.retiring() > 0 || plan.missing() > 0 && !limited(target, counts)) {
            return new PoolCondition(
                    "Progressing",
                    true,
                    rolledOut(target, counts) ? "Scaling" : "RollingOut",
                    counts.starting() + " starting, " + counts.retiring() + " retiring");
        }
        return new PoolCondition("Progressing", false, "Complete", "nothing to do");
    }

    private static PoolCondition degraded(PoolPlan plan) {
        var trouble = plan.trouble();
        return trouble == null
                ? new PoolCondition("Degraded", false, "AsExpected", "nothing stands in the way")
                : new PoolCondition("Degraded", true, trouble.kind().word(), trouble.message());
    }

    private static boolean rolledOut(PoolTarget target, PoolCounts counts) {
        return target.rollout() instanceof PoolTarget.Rollout.OnReplenish || counts.updated() == counts.unclaimed();
    }

    private static boolean limited(PoolTarget target, PoolCounts counts) {
        return target.unclaimedTarget(counts.claimed()) < target.replicas();
    }
}
