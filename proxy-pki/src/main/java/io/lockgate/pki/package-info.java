/**
 * Certificates and what belongs to them: reading files, keeping identities, lint, the local CA.
 *
 * <p>Loading runs on the control thread and the few threads it starts; what it returns is immutable
 * and may be read from event loops.
 */
package io.lockgate.pki;
