package io.lockgate.tls;

import io.netty.channel.ChannelPipeline;

/** Puts the input of a TLS connection into a pipeline that has no engine. */
public final class TlsInputs {
  private TlsInputs() {}

  public static void addTo(ChannelPipeline pipeline) {
    pipeline.addFirst(TlsInput.NAME, new TlsInput(EngineTime.NONE, () -> EngineTime.Phase.RECORDS));
  }
}
