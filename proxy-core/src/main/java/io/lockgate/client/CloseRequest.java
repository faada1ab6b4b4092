package io.lockgate.client;

/** Asks a client's connection to end; may come at any time and more than once. */
public enum CloseRequest {
  /** Finish what is in hand, tell the client, take nothing new. */
  GRACEFUL,
  /** End now; whatever is in hand is lost. */
  FORCED
}
