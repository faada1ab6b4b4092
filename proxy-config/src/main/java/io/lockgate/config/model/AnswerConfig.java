package io.lockgate.config.model;

/**
 * What a host puts into its answers beside what its routes and servers do.
 *
 * @param errorPages of the host, before those of all hosts
 * @param interceptErrors whether they also replace what servers answer with such a status
 * @param securityHeaders whether fields that restrict browsers are added where a server sent none
 */
public record AnswerConfig(
    ErrorPages errorPages, boolean interceptErrors, boolean securityHeaders) {
  public static final AnswerConfig PLAIN = new AnswerConfig(ErrorPages.NONE, false, false);
}
