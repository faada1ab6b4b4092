/**
 * A line for each exchange, recorded on its event loop, and made and written by a thread of its
 * own.
 */
package io.lockgate.accesslog;
