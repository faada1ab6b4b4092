/** A line for each exchange, formatted on its event loop and written by a thread of its own. */
package io.lockgate.accesslog;
