package io.lockgate.pki;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What stands in the files of one certificate, not yet understood. */
final class PairBytes {
  private final byte[] chain;
  private final byte[] key;

  private PairBytes(byte[] chain, byte[] key) {
    this.chain = chain;
    this.key = key;
  }

  /**
   * Reads each file once.
   *
   * @param stamps of the files, in their order
   */
  static PairBytes read(PairFiles files, List<FileStamp> stamps) throws CertificateFileException {
    byte[] chain = read(stamps.get(0));
    return new PairBytes(chain, files.key().isPresent() ? read(stamps.get(1)) : chain);
  }

  byte[] chain() {
    return chain;
  }

  /** The chain's bytes again where one file holds both. */
  byte[] key() {
    return key;
  }

  static CertificateFileException unreadable(Path file, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return new CertificateFileException(
          "file-missing", file + ": the file does not exist", "check the path for a typing error");
    }
    if (cause instanceof AccessDeniedException) {
      return new CertificateFileException(
          "file-unreadable",
          file + ": this process may not read the file",
          "give the user that runs the proxy the right to read it");
    }
    return new CertificateFileException(
        "file-unreadable", file + ": the file cannot be read: " + cause.getMessage(), "");
  }

  /** One system call between opening and closing, where the file is as long as it was. */
  private static byte[] read(FileStamp stamp) throws CertificateFileException {
    int expected = (int) stamp.size();
    byte[] content = new byte[expected + 1];
    try (FileInputStream in = new FileInputStream(stamp.path().toFile())) {
      int length = in.read(content);
      return length == expected
          ? Arrays.copyOf(content, expected)
          : Files.readAllBytes(stamp.path());
    } catch (FileNotFoundException e) {
      throw unreadable(stamp.path(), reason(stamp.path(), e));
    } catch (IOException e) {
      throw unreadable(stamp.path(), e);
    }
  }

  /** The older interface has one exception for whatever is wrong with a file. */
  private static IOException reason(Path file, FileNotFoundException cause) {
    try {
      Files.newInputStream(file).close();
      return cause;
    } catch (IOException e) {
      return e;
    }
  }
}
