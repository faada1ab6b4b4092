package io.lockgate.client;

import io.lockgate.http.RequestHead;
import java.util.ArrayDeque;

/**
 * Request heads that are free to be used again, so that an idle connection holds none. On one event
 * loop only.
 */
final class RequestHeads {
  /** Sixteen HTTP/2 connections with 32 streams each are a usual load; about two MiB at most. */
  private static final int KEPT = 1024;

  private final ArrayDeque<RequestHead> free = new ArrayDeque<>();

  RequestHead take() {
    RequestHead head = free.pollLast();
    return head == null ? new RequestHead() : head;
  }

  void giveBack(RequestHead head) {
    if (free.size() < KEPT) {
      head.clear();
      free.addLast(head);
    }
  }
}
