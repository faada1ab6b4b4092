/** Spans of requests on their way to a collector; a thread of their own sends them. */
package io.lockgate.trace;
