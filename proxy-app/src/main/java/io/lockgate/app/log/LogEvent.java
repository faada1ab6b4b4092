package io.lockgate.app.log;

import java.time.Instant;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * Something that was logged.
 *
 * @param withStack whether the failure's stack is worth a line of its own length
 */
record LogEvent(
    Instant time,
    Level level,
    String logger,
    String message,
    Optional<Throwable> failure,
    boolean withStack) {}
