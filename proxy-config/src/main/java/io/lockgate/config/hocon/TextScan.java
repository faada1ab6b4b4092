package io.lockgate.config.hocon;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Looks through the text of a file for what the tree of values no longer tells, since HOCON merges
 * it in silence. Knows comments, strings and brackets and nothing else; what is not well formed is
 * left to the parser to report. Not for use by many threads.
 */
final class TextScan {
  private static final String NONE = "";

  private final String text;
  private final Found found;
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;
  private int line = 1;

  /** The quoted text that a block may be named by, or {@link #NONE}. */
  private String name = NONE;

  private int nameLine;

  /** Whether a block of a list has ended on this line and nothing has followed yet. */
  private boolean afterItem;

  /** What there is to be told. */
  interface Found {
    /** A block under a quoted name, without the quotation marks. */
    void namedBlock(String name, int line);

    /** A block of a list that begins right behind another one. */
    void blockWithoutComma(int line);
  }

  private TextScan(String text, Found found) {
    this.text = text;
    this.found = found;
  }

  static void over(String text, Found found) {
    TextScan scan = new TextScan(text, found);
    while (scan.at < text.length()) {
      scan.step(text.charAt(scan.at));
    }
  }

  private void step(char c) {
    switch (c) {
      case '\n' -> {
        line++;
        afterItem = false;
        at++;
      }
      case ' ', '\t', '\r' -> at++;
      case ':', '=' -> {
        afterItem = false;
        at++;
      }
      case '#' -> at = endOfLine();
      case '"' -> string();
      case '{' -> block();
      case '[' -> {
        other();
        open.push('[');
      }
      case '}', ']' -> close(c);
      default -> {
        if (text.startsWith("//", at)) {
          at = endOfLine();
        } else if (text.startsWith("${", at)) {
          at = Math.max(at + 1, text.indexOf('}', at));
          other();
        } else {
          other();
        }
      }
    }
  }

  private void other() {
    afterItem = false;
    name = NONE;
    at++;
  }

  private int endOfLine() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private void block() {
    if (!name.isEmpty()) {
      found.namedBlock(name, nameLine);
    } else if (afterItem) {
      found.blockWithoutComma(line);
    }
    other();
    open.push('{');
  }

  private void close(char bracket) {
    other();
    open.poll();
    afterItem = bracket == '}' && !open.isEmpty() && open.peek() == '[';
  }

  private void string() {
    afterItem = false;
    if (text.startsWith("\"\"\"", at)) {
      int end = text.indexOf("\"\"\"", at + 3);
      int next = end < 0 ? text.length() : end + 3;
      line += (int) text.substring(at, next).chars().filter(c -> c == '\n').count();
      name = NONE;
      at = next;
      return;
    }
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\n') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    boolean whole = end < text.length() && text.charAt(end) == '"';
    name = whole ? text.substring(at + 1, end) : NONE;
    nameLine = line;
    at = whole ? end + 1 : Math.min(end, text.length());
  }
}
