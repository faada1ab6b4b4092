package io.lockgate.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import javax.net.ssl.SSLEngine;

/**
 * What one generation promises of the OCSP response of an identity: under which name it is counted,
 * and whether the identity may be served without. Immutable but for the slot; used by every event
 * loop, without allocation.
 */
public final class Staple {
  private final String certificate;
  private final boolean required;
  private final StapleSlot slot;

  /**
   * @param certificate the configuration's name of the certificate
   * @param required whether no handshake may go without a response
   */
  public Staple(String certificate, boolean required, StapleSlot slot) {
    this.certificate = certificate;
    this.required = required;
    this.slot = slot;
  }

  /** For what is never stapled. */
  public static Staple notApplicable(String certificate) {
    return new Staple(certificate, false, StapleSlot.closed());
  }

  public String certificate() {
    return certificate;
  }

  public boolean required() {
    return required;
  }

  /** Whether there may ever be a response. */
  public boolean applicable() {
    return result() != StapleResult.NOT_APPLICABLE;
  }

  /** Whether both promise the same of the same response, and always will. */
  public boolean promisesSame(Staple other) {
    return certificate.equals(other.certificate)
        && required == other.required
        && (slot == other.slot || (!applicable() && !other.applicable()));
  }

  /** What a client that asks would get at this moment. */
  StapleResult result() {
    return slot.content().result;
  }

  /** Whether the identity can be served at this moment. */
  boolean servable() {
    return !required || result() == StapleResult.STAPLED;
  }

  /** Gives the engine the response if the client asks for one; in the turn that made the engine. */
  StapleResult attach(SSLEngine engine, ClientHello hello) {
    if (!hello.asksForStaple()) {
      return StapleResult.NOT_ASKED;
    }
    StapleSlot.Content content = slot.content();
    if (content.result == StapleResult.STAPLED) {
      ((ReferenceCountedOpenSslEngine) engine).setOcspResponse(content.response);
    }
    return content.result;
  }
}
