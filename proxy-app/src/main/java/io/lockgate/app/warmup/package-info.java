/**
 * Has the virtual machine compile the data plane before clients come: a second proxy in the same
 * process, on loopback and for some seconds, is asked by itself.
 */
package io.lockgate.app.warmup;
