package io.lockgate.config.model;

import java.time.Duration;

/**
 * When a server is left out because of what it does to requests.
 *
 * @param consecutiveFailures failures in a row
 * @param duration for which it is left out the first time; longer each further time
 * @param maxEjectedPercent share of servers left out at most
 * @param latencyFactor how many times slower than the others; 0 means that speed does not matter
 */
public record EjectionConfig(
    int consecutiveFailures, Duration duration, int maxEjectedPercent, int latencyFactor) {}
