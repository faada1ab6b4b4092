package io.lockgate.config.hocon;

import io.lockgate.config.model.ErrorPages;
import io.lockgate.config.model.ErrorPages.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code error-pages} and the files named there, each once however many hosts share it. A
 * reload finds them changed as it does the files of the configuration.
 */
final class ErrorPageReader {
  private static final int LARGEST = 256 * 1024;

  /** By the ending of a file's name. */
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "htm", "text/html; charset=utf-8",
          "txt", "text/plain; charset=utf-8",
          "json", "application/json",
          "xml", "application/xml");

  static final ValueType STATUS =
      new ValueType(
          "status",
          text ->
              text.matches("[45](?:[0-9]{2}|xx)")
                  ? Parsed.good(text)
                  : Parsed.bad(
                      "bad-status",
                      Quoted.inMessage(text) + " is no status that tells of an error",
                      "such as 404, or 4xx and 5xx for all others that begin so"));

  private final Reading reading;
  private final Map<Path, Optional<Page>> known = new HashMap<>();

  ErrorPageReader(Reading reading) {
    this.reading = reading;
  }

  ErrorPages read(Block block) {
    Map<Integer, Page> pages = new HashMap<>();
    for (Node.NamedLeaf entry : block.fields("error-pages")) {
      if (STATUS.parse(entry.name()) instanceof Parsed.Good) {
        entry
            .leaf()
            .value()
            .flatMap(path -> page(entry.leaf(), (Path) path))
            .ifPresent(page -> pages.put(numberOf(entry.name()), page));
      }
    }
    return pages.isEmpty() ? ErrorPages.NONE : new ErrorPages(pages);
  }

  private static int numberOf(String status) {
    return Integer.parseInt(status.endsWith("xx") ? status.substring(0, 1) : status);
  }

  private Optional<Page> page(Node.Leaf leaf, Path written) {
    Path file = reading.resolve(written, leaf.origin());
    Optional<Page> before = known.get(file);
    if (before == null) {
      before = load(leaf, file);
      known.put(file, before);
    }
    return before;
  }

  private Optional<Page> load(Node.Leaf leaf, Path file) {
    String name = String.valueOf(file.getFileName());
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    if (type == null) {
      return refuse(
          "unknown-page-type",
          leaf,
          file + " has no ending that tells its type",
          "one of: .html, .htm, .txt, .json, .xml");
    }
    if (!Files.isRegularFile(file)) {
      boolean there = Files.exists(file);
      return refuse(
          there ? "not-a-file" : "missing-file",
          leaf,
          file + (there ? " is not a file" : " does not exist"),
          "a relative path begins at the file that names it" + Reading.where(leaf.origin()));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] octets = in.readNBytes(LARGEST + 1);
      if (octets.length > LARGEST) {
        return refuse("file-too-large", leaf, file + " is larger than 256KiB", "");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
      reading.read(file, text);
      return Optional.of(new Page(text, type));
    } catch (CharacterCodingException e) {
      return refuse("unreadable-file", leaf, file + " cannot be read as UTF-8 text", "");
    } catch (IOException e) {
      return refuse("unreadable-file", leaf, file + " cannot be read", "");
    }
  }

  private Optional<Page> refuse(String code, Node.Leaf leaf, String what, String hint) {
    reading.error(code, leaf, leaf.place().path() + ": " + what, hint);
    return Optional.empty();
  }
}
