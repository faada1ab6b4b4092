/**
 * What HTTP/1 towards clients and towards servers have in common: how messages are taken from and
 * written to a connection.
 */
package io.lockgate.http1;
