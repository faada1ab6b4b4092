/**
 * The status of a certificate: asked for, verified, and kept on disk. Bouncy Castle reads and
 * writes the structures; nothing here is loaded unless a certificate names a responder.
 */
package io.lockgate.pki.ocsp;
