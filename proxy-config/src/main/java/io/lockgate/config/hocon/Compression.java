package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.ValueTypes.choice;
import static io.lockgate.config.hocon.ValueTypes.size;

import io.lockgate.config.hocon.Shape.ListOf;
import io.lockgate.config.hocon.Shape.Scalar;
import io.lockgate.config.hocon.Shape.TextOr;
import io.lockgate.config.model.CompressionConfig;
import io.lockgate.config.model.CompressionConfig.Encoding;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The keys of compression, and what they mean together. */
final class Compression {
  private static final Section SECTION =
      Section.of(
          Key.of(
                  "encodings",
                  new ListOf(new Scalar(choice("zstd", "br", "gzip"))),
                  "Codings, most wanted first where a client likes them alike.")
              .or("zstd", "br", "gzip"),
          Key.of(
                  "types",
                  new ListOf(new Scalar(new ValueType("media type", Compression::parseType))),
                  "Media types of responses that are compressed; each may hold one asterisk.")
              .or(
                  "text/*",
                  "application/json",
                  "application/javascript",
                  "application/xml",
                  "application/*+json",
                  "application/*+xml",
                  "application/wasm",
                  "image/svg+xml"),
          Key.of(
                  "min-length",
                  new Scalar(size(0, 1 << 30)),
                  "A response that says to be shorter stays as it is.")
              .or("1KiB"));

  static final TextOr SHAPE = new TextOr(new Scalar(choice("on", "off")), SECTION);

  private Compression() {}

  private static Parsed parseType(String text) {
    return text.matches("[A-Za-z0-9!#$&^_.+*-]+/[A-Za-z0-9!#$&^_.+*-]+")
            && text.indexOf('*') == text.lastIndexOf('*')
        ? Parsed.good(text.toLowerCase(Locale.ROOT))
        : Parsed.bad(
            "bad-media-type",
            Quoted.inMessage(text) + " is not a media type",
            "such as \"text/html\", \"text/*\" or \"application/*+json\", without parameters");
  }

  /**
   * What a host or a route says.
   *
   * @param otherwise what counts where it says nothing
   */
  static Optional<CompressionConfig> read(
      Reading reading, Block block, Optional<CompressionConfig> otherwise) {
    if (!block.has("compression")) {
      return otherwise;
    }
    if (block.maybeText("compression").isPresent()) {
      boolean on = block.text("compression").equals("on");
      return on ? Optional.of(read(standard(block))) : Optional.empty();
    }
    Optional<Block> written = block.maybeBlock("compression");
    written.ifPresent(compression -> check(reading, compression));
    return written.map(Compression::read);
  }

  private static Block standard(Block block) {
    return (Block) SECTION.standIn(block.place().key("compression"), List.of());
  }

  private static CompressionConfig read(Block compression) {
    return new CompressionConfig(
        compression.list("encodings", String.class).stream().map(Encoding::of).distinct().toList(),
        compression.list("types", String.class),
        compression.size("min-length"));
  }

  private static void check(Reading reading, Block compression) {
    for (String key : List.of("encodings", "types")) {
      if (compression.hasUsable(key) && compression.items(key).isEmpty()) {
        reading.error(
            "empty-value",
            compression.pathOf(key),
            compression.originOf(key),
            compression.pathOf(key) + " is empty, so nothing would be compressed",
            "compression = off says so");
      }
    }
  }
}
