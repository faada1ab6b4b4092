/** Counters and histograms of the whole process, fed by listener events and merged at scrape. */
package io.lockgate.metrics;
