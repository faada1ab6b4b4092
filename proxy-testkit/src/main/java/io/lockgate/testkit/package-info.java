/**
 * What tests share: a proxy started as a process, origins that follow a script, clients that send
 * exact bytes. Nothing here depends on the proxy's own code, so that a test never believes the
 * thing it tests.
 */
package io.lockgate.testkit;
