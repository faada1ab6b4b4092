package io.lockgate.app.handover;

import io.lockgate.config.model.BindAddress;
import io.lockgate.listen.InheritedSocket;
import io.lockgate.proxy.Inheritance;
import io.netty.channel.unix.FileDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that one process leaves to the next.
 *
 * @param admin the admin endpoint's socket
 */
public record Estate(Inheritance proxy, Optional<AdminSocket> admin) {
  /** Nobody served before. */
  public static final Estate NONE = new Estate(Inheritance.NONE, Optional.empty());

  /**
   * The socket of the admin endpoint.
   *
   * @param configured what the process before was told to bind
   */
  public record AdminSocket(int descriptor, BindAddress configured) {}

  /** Sockets, and nothing else. */
  static Estate of(List<Inheritance.Socket> sockets) {
    return sockets.isEmpty()
        ? NONE
        : new Estate(new Inheritance(sockets, Optional.empty(), Map.of()), Optional.empty());
  }

  /** The socket bound to an address; one of another address is closed. To be asked once. */
  public Optional<Integer> adminSocketFor(BindAddress address) {
    if (admin.isPresent() && !admin.get().configured().equals(address)) {
      try {
        new FileDescriptor(admin.get().descriptor()).close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Optional.empty();
    }
    return admin.map(AdminSocket::descriptor);
  }

  /** In the order in which {@link #decode} wants them back. */
  List<Integer> descriptors() {
    List<Integer> all = new ArrayList<>();
    proxy.sockets().forEach(socket -> all.add(socket.descriptor()));
    admin.ifPresent(socket -> all.add(socket.descriptor()));
    return all;
  }

  /** Without the descriptors, whose numbers mean nothing to another process. */
  byte[] encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(proxy.sockets().size());
      for (Inheritance.Socket socket : proxy.sockets()) {
        // What this process leaves it has configured, wherever it had it from.
        var configured = (InheritedSocket.Configured) socket.origin();
        out.writeUTF(configured.listener());
        write(out, configured.address());
      }
      out.writeBoolean(admin.isPresent());
      if (admin.isPresent()) {
        write(out, admin.get().configured());
      }
      write(out, proxy.ticketSecrets().orElse(new byte[0]));
      out.writeInt(proxy.staples().size());
      for (Map.Entry<String, byte[]> staple : proxy.staples().entrySet()) {
        out.writeUTF(staple.getKey());
        write(out, staple.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, BindAddress address) throws IOException {
    out.writeUTF(address.ip());
    out.writeInt(address.port());
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** How many descriptors belong to what {@link #encoded} made. */
  static int descriptorsOf(byte[] encoded) throws HandOverException {
    List<Integer> none = new ArrayList<>();
    return read(encoded, none).descriptors().size();
  }

  static Estate decode(byte[] encoded, List<Integer> descriptors) throws HandOverException {
    return read(encoded, new ArrayList<>(descriptors));
  }

  private static Estate read(byte[] encoded, List<Integer> descriptors) throws HandOverException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
      List<Inheritance.Socket> sockets = new ArrayList<>();
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        String listener = in.readUTF();
        var configured = new InheritedSocket.Configured(listener, readAddress(in));
        sockets.add(new Inheritance.Socket(next(descriptors), configured));
      }
      Optional<AdminSocket> admin = Optional.empty();
      if (in.readBoolean()) {
        BindAddress configured = readAddress(in);
        admin = Optional.of(new AdminSocket(next(descriptors), configured));
      }
      byte[] secrets = readBytes(in);
      Map<String, byte[]> staples = new HashMap<>();
      int responses = in.readInt();
      for (int i = 0; i < responses; i++) {
        String digest = in.readUTF();
        staples.put(digest, readBytes(in));
      }
      Optional<byte[]> tickets = secrets.length == 0 ? Optional.empty() : Optional.of(secrets);
      return new Estate(new Inheritance(sockets, tickets, staples), admin);
    } catch (IOException | IllegalArgumentException e) {
      throw new HandOverException("what is handed over cannot be understood", e);
    }
  }

  private static int next(List<Integer> descriptors) {
    return descriptors.isEmpty() ? -1 : descriptors.remove(0);
  }

  private static BindAddress readAddress(DataInputStream in) throws IOException {
    String ip = in.readUTF();
    return new BindAddress(ip, in.readInt());
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] bytes = in.readNBytes(length);
    if (bytes.length != length) {
      throw new IOException("cut short");
    }
    return bytes;
  }
}
