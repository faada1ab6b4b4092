/**
 * The daemon and its command line: the only place that knows the process, its environment, its
 * signals and its exit codes. Everything else is told what it needs.
 */
package io.lockgate.app;
