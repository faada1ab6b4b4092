package io.lockgate.tls;

import io.lockgate.pki.Identity;
import io.lockgate.table.FlatTable;
import java.util.function.BiConsumer;

/** The staples of one generation, by identity. Immutable. */
public final class Staples {
  private static final Staple UNLISTED = Staple.notApplicable(SniDecider.OTHER);

  /** Nothing is ever stapled. */
  public static final Staples NONE = new Staples(FlatTable.empty());

  private final FlatTable<String, Staple> byIdentityDigest;

  public Staples(FlatTable<String, Staple> byIdentityDigest) {
    this.byIdentityDigest = byIdentityDigest;
  }

  /** Allocates nothing. */
  public Staple of(Identity identity) {
    return byIdentityDigest.getOrDefault(identity.digest(), UNLISTED);
  }

  public void forEach(BiConsumer<String, Staple> action) {
    byIdentityDigest.forEach(action);
  }
}
