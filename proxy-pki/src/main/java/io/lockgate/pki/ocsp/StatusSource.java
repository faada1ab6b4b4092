package io.lockgate.pki.ocsp;

import io.lockgate.pki.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Where the status of certificates is had from, and kept. Methods block and may be called by many
 * threads at once; none throws.
 */
public interface StatusSource extends AutoCloseable {

  /**
   * Asks the responder that the certificate names.
   *
   * @param timeout for everything
   */
  StatusAnswer ask(Identity identity, Duration timeout);

  /** What was kept of the last answer, if it is still worth something. */
  Optional<StatusResponse> kept(Path directory, Identity identity);

  /** Keeps an answer over restarts; where that fails, it is told and nothing more. */
  void keep(Path directory, Identity identity, StatusResponse response);

  /** Removes what is kept of other certificates. */
  void retain(Path directory, Set<String> identityDigests);

  @Override
  void close();
}
