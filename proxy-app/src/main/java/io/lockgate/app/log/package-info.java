/**
 * The daemon's own log: one line an event on standard error, whatever the event's values contain.
 * SLF4J's calls arrive through java.util.logging, which costs no further library.
 */
package io.lockgate.app.log;
