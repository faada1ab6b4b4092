/**
 * What the hot pieces cost. Each class names one piece, each method one thing it does; a method
 * fails rather than measure something else than its name says.
 */
package io.lockgate.bench;
