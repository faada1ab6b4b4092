/**
 * How a process that serves hands its sockets to the one that comes next, over a Unix socket that
 * exists for this only.
 */
package io.lockgate.app.handover;
