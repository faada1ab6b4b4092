/** Certificates and what belongs to them: loading, lint, the local CA. */
package io.lockgate.pki;
