/** Why clients could not connect, for people: what is remembered of failures and what to do. */
package io.lockgate.explain;
