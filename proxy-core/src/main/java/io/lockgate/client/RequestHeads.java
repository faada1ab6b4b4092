package io.lockgate.client;

import io.lockgate.http.RequestHead;
import java.util.ArrayDeque;

/**
 * Request heads that are free to be used again, so that an idle connection holds none. On one event
 * loop only.
 */
final class RequestHeads {
  private static final int KEPT = 256;

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
