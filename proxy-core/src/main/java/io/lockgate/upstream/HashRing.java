package io.lockgate.upstream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Servers on a ring of hashes (consistent hashing): a key belongs to the server behind its place,
 * so that few keys move when a server comes or goes. Depends on the servers' addresses and weights
 * alone, so that all processes with the same servers agree. Immutable.
 */
final class HashRing {
  private static final int POINTS_PER_SERVER = 160;
  private static final int MOST_POINTS = 1 << 17;

  private final long[] points;
  private final int[] owners;

  private HashRing(long[] points, int[] owners) {
    this.points = points;
    this.owners = owners;
  }

  static HashRing of(List<UpstreamServer> servers) {
    long weights = servers.stream().mapToLong(UpstreamServer::weight).sum();
    long wanted = Math.min((long) POINTS_PER_SERVER * servers.size(), MOST_POINTS);
    int[] counts =
        servers.stream()
            .mapToInt(s -> (int) Math.max(1, Math.round((double) wanted * s.weight() / weights)))
            .toArray();
    Point[] sorted = new Point[Arrays.stream(counts).sum()];
    int at = 0;
    for (int server = 0; server < counts.length; server++) {
      long seed = hash(servers.get(server).address().getBytes(StandardCharsets.ISO_8859_1));
      for (int i = 0; i < counts[server]; i++) {
        sorted[at++] = new Point(mix(seed + (i + 1) * GOLDEN), server);
      }
    }
    Arrays.sort(sorted);
    return new HashRing(
        Arrays.stream(sorted).mapToLong(Point::place).toArray(),
        Arrays.stream(sorted).mapToInt(Point::server).toArray());
  }

  private record Point(long place, int server) implements Comparable<Point> {
    @Override
    public int compareTo(Point other) {
      int byPlace = Long.compare(place, other.place);
      return byPlace != 0 ? byPlace : Integer.compare(server, other.server);
    }
  }

  /** Number of points. */
  int size() {
    return points.length;
  }

  /** The point behind a hash. */
  int pointFor(long hash) {
    int found = Arrays.binarySearch(points, hash);
    int at = found >= 0 ? found : -found - 1;
    return at == points.length ? 0 : at;
  }

  /** The point behind another one. */
  int after(int point) {
    return point + 1 == points.length ? 0 : point + 1;
  }

  /** Index of the server that owns a point. */
  int owner(int point) {
    return owners[point];
  }

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  static long hash(byte[] bytes) {
    return hash(bytes, 0, bytes.length);
  }

  /** FNV-1a, with the bits well mixed at the end. */
  static long hash(byte[] bytes, int start, int end) {
    long hash = 0xCBF29CE484222325L;
    for (int at = start; at < end; at++) {
      hash = (hash ^ (bytes[at] & 0xff)) * 0x100000001B3L;
    }
    return mix(hash);
  }

  /** The same for text of which every character is an octet. */
  static long hash(String text) {
    long hash = 0xCBF29CE484222325L;
    for (int at = 0; at < text.length(); at++) {
      hash = (hash ^ (text.charAt(at) & 0xff)) * 0x100000001B3L;
    }
    return mix(hash);
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
