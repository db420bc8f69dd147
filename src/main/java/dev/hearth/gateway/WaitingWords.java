package dev.hearth.gateway;

import dev.hearth.gateway.WaitingPlace.Result;

/** What became of a waiting claim, in the words of logs and metrics. Pure. */
final class WaitingWords {
    private WaitingWords() {}

    static String outcome(Result result) {
        return switch (result) {
            case Result.Settled(var outcome, var _, var _) -> outcome.getClass().getSimpleName();
            case Result.InVain _ -> "InVain";
            case Result.Full _ -> "Full";
            case Result.Left _ -> "Left";
            case Result.Draining _ -> "Draining";
            case Result.Broken(var cause) -> cause.kind().name();
        };
    }

    /** Where it stood in the line when it came; 0 where it never stood there. */
    static int position(Result result) {
        return switch (result) {
            case Result.Settled(var _, var position, var _) -> position;
            case Result.InVain(var _, var position, var _) -> position;
            case Result.Left(var position) -> position;
            case Result.Full _, Result.Draining _, Result.Broken _ -> 0;
        };
    }
}
