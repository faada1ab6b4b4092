package io.lockgate.pki;

/** Every identity that the configuration's certificate sources gave, with what was found wrong. */
public final class IdentityCatalog {
  // Skeleton.
}
