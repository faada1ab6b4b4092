package io.lockgate.staple;

import io.lockgate.pki.Identity;
import io.lockgate.pki.ocsp.CertificateStatus;
import io.lockgate.pki.ocsp.StatusAnswer;
import io.lockgate.pki.ocsp.StatusResponse;
import io.lockgate.pki.ocsp.StatusSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers as the test says, and writes down who was asked about and what was kept. */
final class ScriptedStatus implements StatusSource {
  static final StatusAnswer DOWN =
      new StatusAnswer.Failed(StatusAnswer.Failure.UNREACHABLE, "connection refused");

  final List<String> asked = new ArrayList<>();
  final Map<String, StatusResponse> disk = new HashMap<>();
  StatusAnswer answer = DOWN;

  static StatusResponse response(CertificateStatus status, Instant from, Duration life) {
    return new StatusResponse(
        (status.label() + from).getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        status,
        from,
        from.plus(life));
  }

  static StatusAnswer good(Instant from, Duration life) {
    return new StatusAnswer.Verified(response(CertificateStatus.GOOD, from, life));
  }

  @Override
  public StatusAnswer ask(Identity identity, Duration timeout) {
    asked.add(identity.dnsNames().get(0));
    return answer;
  }

  @Override
  public Optional<StatusResponse> kept(Path directory, Identity identity) {
    return Optional.ofNullable(disk.get(identity.digest()));
  }

  @Override
  public void keep(Path directory, Identity identity, StatusResponse response) {
    disk.put(identity.digest(), response);
  }

  @Override
  public void retain(Path directory, Set<String> identityDigests) {
    disk.keySet().retainAll(identityDigests);
  }

  @Override
  public void close() {}
}
