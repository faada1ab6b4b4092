/**
 * Texts within JSON documents that are few and known, and so written by hand. Knows nothing else.
 */
package io.lockgate.json;
