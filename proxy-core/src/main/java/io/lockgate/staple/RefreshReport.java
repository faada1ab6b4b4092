package io.lockgate.staple;

/**
 * What came of asking responders on an operator's order.
 *
 * @param asked certificates that can have a response
 * @param refreshed of these have a response that can be believed
 * @param failed of these could not get one; an earlier one goes on being stapled
 * @param pending of these are still being asked
 */
public record RefreshReport(int asked, int refreshed, int failed, int pending) {}
