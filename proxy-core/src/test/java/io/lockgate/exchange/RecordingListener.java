package io.lockgate.exchange;

import io.lockgate.upstream.UpstreamListener;
import java.util.ArrayList;
import java.util.List;

/** Counts beginnings and ends, and keeps what was said of the last end. */
final class RecordingListener implements ExchangeListener, UpstreamListener {
  final List<String> attempts = new ArrayList<>();
  final List<String> limited = new ArrayList<>();
  int started;
  int ended;
  int retried;
  int status;
  String error = "";
  String server = "";
  long requestBytes;
  long responseBytes;
  int retries;

  @Override
  public void started() {
    started++;
  }

  @Override
  public void ended(ExchangeSummary summary) {
    ended++;
    status = summary.status();
    error = summary.error();
    server = summary.server();
    requestBytes = summary.requestBytes();
    responseBytes = summary.responseBytes();
    retries = summary.retries();
  }

  @Override
  public void limited(String reason) {
    limited.add(reason);
  }

  @Override
  public void attemptEnded(String upstream, String at, String result, long nanos) {
    attempts.add(upstream + " " + at + " " + result);
  }

  @Override
  public void retried(String upstream) {
    retried++;
  }
}
