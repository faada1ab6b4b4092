package io.lockgate.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Gathers a request; a body above the bound gets the same kind of answer as any other refusal. */
final class AdminAggregator extends HttpObjectAggregator {
  private final int maxBodyBytes;

  AdminAggregator(int maxBodyBytes) {
    super(maxBodyBytes, true);
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    AdminResponse response =
        AdminResponse.error(413, "body too large", "at most " + maxBodyBytes + " bytes");
    ctx.pipeline().get(AdminHandler.class).respond(ctx, response, false);
  }
}
