/** The admin endpoint: what operators, scripts and scrapers ask and tell the running proxy. */
package io.lockgate.admin;
