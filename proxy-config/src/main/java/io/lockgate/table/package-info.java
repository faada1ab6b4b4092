/** Tables of very many entries that cost a garbage collector next to nothing. */
package io.lockgate.table;
