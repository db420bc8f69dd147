package dev.hearth.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs from now until this is closed, fields included; one whose logger was made before. */
public final class LogLines implements AutoCloseable {
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            seen.add(line.getMessage());
        }

        @Override
        public void flush() {
            // Nothing is buffered.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    public LogLines(Class<?> logs) {
        logger = Logger.getLogger(logs.getName());
        logger.addHandler(handler);
    }

    /** Live: grows with what comes. */
    public List<String> seen() {
        return seen;
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
    }
}
