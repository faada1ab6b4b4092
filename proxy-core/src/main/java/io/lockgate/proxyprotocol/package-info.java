/** What a load balancer in front says about a connection before its first byte; pure. */
package io.lockgate.proxyprotocol;
