package io.lockgate.admin;

/**
 * One value of the effective configuration.
 *
 * @param path below {@code lockgate}
 * @param value as text, {@code <redacted>} where it is secret
 * @param origin {@code FILE:LINE}, or {@code built-in}
 */
public record SettingView(String path, String value, String origin) {}
