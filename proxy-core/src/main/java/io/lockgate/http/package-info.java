/**
 * HTTP messages as flat bytes: found, checked, edited, written. Pure: no channels, no clock, no
 * logs, and no objects made on the way of a good message.
 *
 * <p>A request goes {@link io.lockgate.http.HeadScanner} (or an HTTP/2 decoder appending to {@link
 * io.lockgate.http.RequestHead#fields()}), {@link io.lockgate.http.RequestCheck}, the routes by
 * {@link io.lockgate.http.RequestHead#path()}, then {@link io.lockgate.http.HopByHop}, {@link
 * io.lockgate.http.ForwardedFields}, {@link io.lockgate.http.CompiledEdits} and {@link
 * io.lockgate.http.HeadWriter}. A response goes the same way with {@link
 * io.lockgate.http.ResponseCheck}. Every reason to refuse stands in {@link
 * io.lockgate.http.FramingRule}.
 */
package io.lockgate.http;
