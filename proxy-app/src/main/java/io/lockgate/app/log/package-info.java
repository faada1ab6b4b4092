/**
 * The daemon's own log: one line an event on standard error, whatever the event's values contain.
 * It is SLF4J's provider itself, so that nothing has to be searched for at a start.
 */
package io.lockgate.app.log;
