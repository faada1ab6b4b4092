/** Content codings of responses: what a client takes, what is worth it, and the encoders. */
package io.lockgate.coding;
