/** Bytes between a client and a server that nobody here understands. */
package io.lockgate.relay;
