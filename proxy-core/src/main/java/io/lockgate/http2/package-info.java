/**
 * What HTTP/2 towards clients and towards servers have in common: header blocks to and from flat
 * heads, and the counting of frames.
 */
package io.lockgate.http2;
