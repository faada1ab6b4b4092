package io.lockgate.pki;

import io.lockgate.config.model.CertificateConfig;

/**
 * A certificate to be loaded.
 *
 * @param name as operators know it
 * @param source the configuration it comes from
 * @param oneOfMany whether a fault must not hold back others of the same source
 */
record PairRequest(String name, CertificateConfig source, PairFiles files, boolean oneOfMany) {}
