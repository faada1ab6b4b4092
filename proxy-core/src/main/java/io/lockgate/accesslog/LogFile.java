package io.lockgate.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that is appended to; a new one is readable by its owner and group, not by the world. */
final class LogFile implements LogTarget {
  private static final Set<StandardOpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

  private final Path path;
  private FileChannel channel;

  private LogFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static LogFile open(Path path) throws IOException {
    return new LogFile(path, channel(path));
  }

  @Override
  public void write(ByteBuffer lines) throws IOException {
    while (lines.hasRemaining()) {
      channel.write(lines);
    }
  }

  @Override
  public void reopen() throws IOException {
    FileChannel next = channel(path);
    FileChannel previous = channel;
    channel = next;
    previous.close();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static FileChannel channel(Path path) throws IOException {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix ? FileChannel.open(path, APPEND, ownerAndGroup()) : FileChannel.open(path, APPEND);
  }

  private static FileAttribute<?> ownerAndGroup() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));
  }
}
