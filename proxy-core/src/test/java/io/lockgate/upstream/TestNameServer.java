package io.lockgate.upstream;

import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers every question for addresses as the test says (RFC 1035). */
final class TestNameServer implements AutoCloseable {
  private static final int TYPE_A = 1;
  private static final int TYPE_AAAA = 28;
  private static final int NO_SUCH_NAME = 3;
  private static final int FAILED = 2;

  private final DatagramSocket socket;
  private final AtomicInteger questions = new AtomicInteger();
  private volatile List<String> addresses = List.of();
  private volatile int error = NO_SUCH_NAME;

  TestNameServer() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "test-name-server");
    thread.setDaemon(true);
    thread.start();
  }

  Optional<DnsServerAddressStreamProvider> provider() {
    return Optional.of(
        new SingletonDnsServerAddressStreamProvider(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort())));
  }

  /** From now on; each answer is good for a second. */
  void answers(String... now) {
    addresses = List.of(now);
  }

  void fails() {
    addresses = List.of();
    error = FAILED;
  }

  int questions() {
    return questions.get();
  }

  private void serve() {
    byte[] room = new byte[512];
    DatagramPacket packet = new DatagramPacket(room, room.length);
    while (!socket.isClosed()) {
      try {
        packet.setLength(room.length);
        socket.receive(packet);
        byte[] answer = answer(ByteBuffer.wrap(room, 0, packet.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private byte[] answer(ByteBuffer question) throws IOException {
    questions.incrementAndGet();
    short id = question.getShort();
    int at = 12;
    while (question.get(at) != 0) {
      at += question.get(at) + 1;
    }
    short type = question.getShort(at + 1);
    List<String> given = addresses.stream().filter(a -> type == typeOf(a)).toList();
    ByteBuffer answer = ByteBuffer.allocate(512);
    answer.putShort(id);
    answer.putShort((short) (0x8180 | (addresses.isEmpty() ? error : 0)));
    answer.putShort((short) 1).putShort((short) given.size()).putInt(0);
    answer.put(question.array(), question.arrayOffset() + 12, at + 5 - 12);
    for (String each : given) {
      byte[] address = InetAddress.getByName(each).getAddress();
      answer.putShort((short) 0xC00C).putShort(type).putShort((short) 1).putInt(1);
      answer.putShort((short) address.length).put(address);
    }
    byte[] octets = new byte[answer.position()];
    answer.flip().get(octets);
    return octets;
  }

  private static int typeOf(String address) {
    return address.contains(":") ? TYPE_AAAA : TYPE_A;
  }

  @Override
  public void close() {
    socket.close();
  }
}
