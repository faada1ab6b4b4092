package io.lockgate.ticket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The files of a directory of ticket keys: {@code keys}, which is only ever replaced as a whole,
 * and {@code lock}, which whoever replaces it holds. Nobody but the owner may so much as look at
 * them. For one thread at a time, never an event loop.
 */
final class TicketDirectory {
  private static final String CONFIG_PATH = "tls.tickets.keys-directory";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);
  private static final FileAttribute<?> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;
  private final Path keys;

  TicketDirectory(Path path) {
    this.path = path;
    this.keys = path.resolve("keys");
  }

  /** Makes the directory if it is missing; the one above has to be there. */
  void create() throws TicketSourceException {
    try {
      Files.createDirectory(path, PRIVATE_DIRECTORY);
    } catch (FileAlreadyExistsException e) {
      // somebody's, perhaps ours: it is looked at before it is used
    } catch (IOException e) {
      throw wrong("ticket-keys-unwritable", path + " cannot be made: " + reason(e), WRITABLE);
    }
  }

  /** Whether there is something to look at. */
  boolean exists() {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * @return empty where nobody has written any keys yet
   */
  Optional<SharedSecrets> read() throws TicketSourceException {
    checkPrivate(path, true);
    byte[] bytes = new byte[0];
    try {
      checkPrivate(keys, false);
      try (InputStream in = Files.newInputStream(keys, LinkOption.NOFOLLOW_LINKS)) {
        bytes = in.readNBytes(SharedSecrets.MOST_BYTES + 1);
      }
      return Optional.of(SharedSecrets.decode(bytes));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw wrong("ticket-keys-unreadable", keys + " cannot be read: " + reason(e), READABLE);
    } catch (IllegalArgumentException e) {
      throw wrong(
          "ticket-keys-damaged",
          keys + " " + e.getMessage(),
          "remove the file: the next process makes new keys, and sessions begin anew");
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** What is done while no other process changes the keys. */
  interface Change {
    SharedSecrets apply(Optional<SharedSecrets> present) throws TicketSourceException;
  }

  /**
   * Reads, changes and writes while holding the lock. Never waits for it.
   *
   * @return what counts then; empty if another process holds the lock
   */
  Optional<SharedSecrets> change(Change change) throws TicketSourceException {
    checkPrivate(path, true);
    Path lockFile = path.resolve("lock");
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(lockFile, options, PRIVATE_FILE)) {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        return Optional.empty();
      }
      Optional<SharedSecrets> present = read();
      SharedSecrets next = change.apply(present);
      if (present.isEmpty() || !present.get().sameAs(next)) {
        write(next);
      }
      return Optional.of(next); // closing the channel gives the lock back
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // held by another proxy in this very process
    } catch (IOException e) {
      throw wrong("ticket-keys-unwritable", path + " cannot be written to: " + reason(e), WRITABLE);
    }
  }

  private void write(SharedSecrets secrets) throws IOException {
    Path fresh = path.resolve("keys.new");
    Files.deleteIfExists(fresh); // of a process that died in the middle
    byte[] encoded = secrets.encoded();
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(fresh, options, PRIVATE_FILE)) {
      ByteBuffer buffer = ByteBuffer.wrap(encoded);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
    Files.move(fresh, keys, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void checkPrivate(Path file, boolean directory) throws TicketSourceException {
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        if (directory) {
          throw wrong("ticket-keys-unreadable", file + " does not exist", READABLE);
        }
        return; // reading finds the same out
      }
      if (directory ? !Files.isDirectory(file) : !Files.isRegularFile(file, NO_LINKS)) {
        String kind = directory ? "directory" : "regular file";
        throw wrong("ticket-keys-unreadable", file + " is no " + kind, READABLE);
      }
      Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
      if (!OWNER_ONLY.containsAll(granted)) {
        throw wrong(
            "ticket-keys-exposed",
            file
                + " is open to others (mode "
                + PosixFilePermissions.toString(granted)
                + "); who reads the keys can read the traffic of resumed connections",
            "chmod " + (directory ? "700 " : "600 ") + file + ", and make the keys anew");
      }
    } catch (UnsupportedOperationException e) {
      // A file system without modes: there is nothing to check.
    } catch (IOException e) {
      throw wrong("ticket-keys-unreadable", file + " cannot be read: " + reason(e), READABLE);
    }
  }

  private static TicketSourceException wrong(String code, String message, String hint) {
    return new TicketSourceException(code, CONFIG_PATH, message, hint);
  }

  /** The messages of file exceptions are mostly paths, which are said already. */
  private static String reason(IOException e) {
    return e instanceof AccessDeniedException
        ? "permission denied"
        : e instanceof NoSuchFileException ? "no such directory" : String.valueOf(e.getMessage());
  }

  private static final LinkOption NO_LINKS = LinkOption.NOFOLLOW_LINKS;
  private static final String READABLE =
      "the directory has to belong to the user that Lockgate runs as, mode 700";
  private static final String WRITABLE =
      "the user that Lockgate runs as has to be able to write there";
}
