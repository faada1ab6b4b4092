package io.lockgate.config.model;

import java.util.Map;
import java.util.Optional;

/**
 * Bodies for answers that tell of an error.
 *
 * @param byStatus by a status such as {@code 404}, or by {@code 4} or {@code 5} for all others that
 *     begin so
 */
public record ErrorPages(Map<Integer, Page> byStatus) {
  public static final ErrorPages NONE = new ErrorPages(Map.of());

  public ErrorPages {
    byStatus = Map.copyOf(byStatus);
  }

  /** The page for a status, the one for that very status before the one for its class. */
  public Optional<Page> page(int status) {
    Page own = byStatus.get(status);
    return Optional.ofNullable(own == null ? byStatus.get(status / 100) : own);
  }

  /**
   * A file as it was when the configuration was read.
   *
   * @param text in which {@code %{request-id}} and {@code %{status}} stand for just that
   */
  public record Page(String text, String contentType) {}
}
