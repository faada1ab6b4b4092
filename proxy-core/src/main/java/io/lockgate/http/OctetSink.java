package io.lockgate.http;

/** Is shown a text as octets where they stand, so that nobody has to make a string of them. */
@FunctionalInterface
public interface OctetSink {
  /**
   * @param source valid during the call only, and not to be changed
   */
  void octets(byte[] source, int start, int end);
}
