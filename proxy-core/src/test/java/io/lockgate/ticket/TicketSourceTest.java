package io.lockgate.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.config.model.TlsConfig.KeySource;
import io.lockgate.config.model.TlsConfig.Tickets;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicketSourceTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir Path directory;

  private static TicketSource open(Map<String, String> environment, KeySource keys, int previous)
      throws TicketSourceException {
    return open(environment, keys, previous, NOON);
  }

  private static TicketSource open(
      Map<String, String> environment, KeySource keys, int previous, Instant now)
      throws TicketSourceException {
    return new TicketSources(Clock.fixed(now, ZoneOffset.UTC), environment, RANDOM)
        .open(new Tickets(true, HOUR, previous, keys), Optional.empty());
  }

  private static List<String> keys(TicketSecrets secrets) {
    return Arrays.stream(secrets.keys("domain")).map(HexFormat.of()::formatHex).toList();
  }

  @Nested
  class Keys {
    private final TicketSecrets secrets =
        new TicketSecrets(
            List.of(TicketSecret.random(RANDOM), TicketSecret.random(RANDOM)), NOON, 0);

    @Test
    void areDifferentInEachDomainAndSlot() {
      List<String> all = new ArrayList<>(keys(secrets));
      for (byte[] key : secrets.keys("other")) {
        assertThat(key).hasSize(TicketSecrets.KEY_BYTES);
        all.add(HexFormat.of().formatHex(key));
      }
      assertThat(all).hasSize(4).doesNotHaveDuplicates();
      assertThat(keys(secrets)).as("always the same").isEqualTo(all.subList(0, 2));
    }

    @Test
    void areErasedWithTheirSecretUnlessTheSuccessorHasIt() {
      List<String> before = keys(secrets);
      TicketSecrets next =
          new TicketSecrets(List.of(TicketSecret.random(RANDOM), secrets.all().get(0)), NOON, 0);
      secrets.eraseAllBut(next);
      assertThat(keys(next).get(1)).isEqualTo(before.get(0));
      assertThat(keys(secrets).get(1)).isNotEqualTo(before.get(1));
    }

    @Test
    @SuppressWarnings("ObjectToString") // that it says nothing is the point
    void areShownNowhere() {
      assertThat(secrets.toString()).doesNotContainPattern("[0-9a-f]{32}");
    }
  }

  @Nested
  class InMemory {
    private final RandomTickets source = new RandomTickets(RANDOM, HOUR, 2, NOON);

    @Test
    void rotateWhenDueAndKeepAsManyAsAreAccepted() {
      String first = keys(source.at(NOON)).get(0);
      assertThat(source.at(NOON.plus(HOUR).minusMillis(1))).isSameAs(source.at(NOON));
      for (int i = 1; i <= 2; i++) {
        TicketSecrets rotated = source.at(NOON.plus(HOUR.multipliedBy(i)));
        assertThat(rotated.count()).isEqualTo(i + 1);
        assertThat(keys(rotated).get(i)).isEqualTo(first);
      }
      assertThat(keys(source.at(NOON.plus(HOUR.multipliedBy(3))))).hasSize(3).doesNotContain(first);
    }

    @Test
    void forgetEverything() {
      source.rotate(NOON, false);
      TicketSecrets before = source.at(NOON);
      TicketSecrets after = source.rotate(NOON, true);
      assertThat(after.count()).isEqualTo(1);
      assertThat(before.continuedBy(after)).isFalse();
      assertThat(after.forgets()).isGreaterThan(before.forgets());
    }

    @Test
    void followNewRulesAtOnce() {
      source.rotate(NOON, false);
      source.rotate(NOON, false);
      assertThat(source.at(NOON).count()).isEqualTo(3);
      source.rules(Duration.ofMinutes(1), 1);
      assertThat(source.at(NOON).count()).isEqualTo(2);
      source.rules(Duration.ofMinutes(1), 0);
      assertThat(source.at(NOON).count()).isEqualTo(1);
      TicketSecrets before = source.at(NOON);
      assertThat(source.at(NOON.plusSeconds(60))).isNotSameAs(before);
    }

    @Test
    void doNotLiveForYearsAfterTheClockWasPutBack() {
      Instant past = NOON.minus(Duration.ofDays(1000));
      assertThat(source.at(past).since()).isEqualTo(past);
      String key = keys(source.at(past)).get(0);
      assertThat(keys(source.at(past.plus(HOUR))).get(0)).isNotEqualTo(key);
    }
  }

  @Nested
  class FromASeed {
    private static final String SEED = "a seed of no less than thirty-two bytes";

    private final Map<String, String> environment = Map.of("SEED", SEED);
    private final KeySource variable = new KeySource.SeedVariable("SEED");

    @Test
    void areTheSameWhereverTheSeedComesFrom() throws Exception {
      Path file = Files.writeString(directory.resolve("seed"), SEED + "\r\n");
      TicketSource one = open(environment, variable, 2);
      TicketSource other = open(Map.of(), new KeySource.SeedFile(file), 2);
      assertThat(keys(one.at(NOON))).isEqualTo(keys(other.at(NOON)));
      TicketSource stranger = open(Map.of("SEED", SEED + "!"), variable, 2);
      assertThat(keys(one.at(NOON))).doesNotContainAnyElementsOf(keys(stranger.at(NOON)));
    }

    @Test
    void coverTheSlotsAroundNow() throws Exception {
      TicketSource source = open(environment, variable, 2);
      List<String> now = keys(source.at(NOON));
      List<String> later = keys(source.at(NOON.plus(HOUR)));
      assertThat(now).as("current, two before, and the next").hasSize(4).doesNotHaveDuplicates();
      assertThat(now.get(3)).as("the next of now").isEqualTo(later.get(0));
      assertThat(later.subList(1, 3)).as("what was before").isEqualTo(now.subList(0, 2));
      assertThat(keys(source.at(NOON.plus(HOUR.multipliedBy(3))))).doesNotContain(now.get(0));
      assertThat(source.at(NOON.plusSeconds(1799)).since()).isEqualTo(NOON);
    }

    @Test
    void agreeInSpiteOfClocksThatDiffer() throws Exception {
      TicketSource early = open(environment, variable, 1);
      TicketSource late = open(environment, variable, 1);
      Instant before = NOON.minusSeconds(40);
      Instant after = NOON.plusSeconds(40);
      assertThat(keys(early.at(before))).contains(keys(late.at(after)).get(0));
      assertThat(keys(late.at(after))).contains(keys(early.at(before)).get(0));
    }

    @Test
    void areOthersForAnotherLengthOfSlots() throws Exception {
      TicketSources sources =
          new TicketSources(Clock.fixed(NOON, ZoneOffset.UTC), environment, RANDOM);
      TicketSource day =
          sources.open(new Tickets(true, Duration.ofDays(1), 2, variable), Optional.empty());
      assertThat(keys(open(environment, variable, 2).at(NOON)))
          .doesNotContainAnyElementsOf(keys(day.at(NOON)));
    }

    @Test
    void cannotBeRotatedByHand() throws Exception {
      TicketSource source = open(environment, variable, 2);
      for (boolean forget : new boolean[] {true, false}) {
        assertThatThrownBy(() -> source.rotate(NOON, forget))
            .isInstanceOf(TicketSourceException.class)
            .hasMessageContaining("seed");
      }
    }

    @ParameterizedTest
    @CsvSource({
      "NONE, '\"NONE\" is not set'",
      "EMPTY, 0 bytes; a seed has at least 32",
      "SHORT, 31 bytes; a seed has at least 32"
    })
    void needAVariableThatHoldsASeed(String name, String message) {
      Map<String, String> variables = Map.of("EMPTY", "", "SHORT", "s".repeat(31));
      assertThatThrownBy(() -> open(variables, new KeySource.SeedVariable(name), 2))
          .hasMessageContaining(message)
          .hasMessageNotContaining("ssss");
    }

    @Test
    void needAFileThatHoldsASeed() throws Exception {
      Path file = directory.resolve("seed");
      assertThatThrownBy(() -> open(Map.of(), new KeySource.SeedFile(file), 2))
          .hasMessageContaining("does not exist");
      Files.writeString(file, "s".repeat(31) + "\n");
      assertThatThrownBy(() -> open(Map.of(), new KeySource.SeedFile(file), 2))
          .hasMessageContaining("31 bytes");
      assertThatThrownBy(() -> open(Map.of(), new KeySource.SeedFile(directory), 2))
          .hasMessageContaining("is a directory");
    }
  }

  @Nested
  class InASharedDirectory {
    private Path path;

    @BeforeEach
    void nothingIsThereYet() {
      path = directory.resolve("keys");
    }

    private TicketSource process(Instant now) throws TicketSourceException {
      return open(Map.of(), new KeySource.Directory(path), 2, now);
    }

    @Test
    void areTheSameInEveryProcess() throws Exception {
      TicketSource one = process(NOON);
      TicketSource other = process(NOON);
      assertThat(keys(one.at(NOON))).isEqualTo(keys(other.at(NOON))).hasSize(1);
    }

    @Test
    void areRotatedByOneAndFollowedByAll() throws Exception {
      TicketSource one = process(NOON);
      TicketSource other = process(NOON);
      List<String> before = keys(one.at(NOON));
      Instant due = NOON.plus(HOUR);
      List<String> after = keys(one.at(due));
      assertThat(after).hasSize(2).containsAll(before);
      assertThat(keys(other.at(due))).as("no second rotation").isEqualTo(after);
    }

    @Test
    void areFollowedWithinAMinute() throws Exception {
      TicketSource one = process(NOON);
      TicketSource other = process(NOON);
      TicketSecrets rotated = one.rotate(NOON.plusSeconds(1), false);
      assertThat(keys(other.at(NOON.plusSeconds(60)))).isEqualTo(keys(rotated));
      TicketSecrets forgotten = one.rotate(NOON.plusSeconds(61), true);
      assertThat(forgotten.count()).isEqualTo(1);
      TicketSecrets followed = other.at(NOON.plusSeconds(120));
      assertThat(keys(followed)).isEqualTo(keys(forgotten));
      assertThat(followed.forgets()).isGreaterThan(rotated.forgets());
    }

    @Test
    void stayAfterARestart() throws Exception {
      List<String> before = keys(process(NOON).rotate(NOON, false));
      assertThat(keys(process(NOON.plusSeconds(9)).at(NOON.plusSeconds(9)))).isEqualTo(before);
    }

    @Test
    void areNobodyElsesBusiness() throws Exception {
      process(NOON).rotate(NOON, false);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
      try (var files = Files.list(path)) {
        assertThat(files)
            .extracting(file -> file.getFileName().toString())
            .containsExactlyInAnyOrder("keys", "lock");
      }
      for (String file : List.of("keys", "lock")) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve(file))))
            .isEqualTo("rw-------");
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "."})
    void areRefusedIfOthersCouldReadThem(String file) throws Exception {
      TicketSource running = process(NOON);
      Files.setPosixFilePermissions(
          path.resolve(file).normalize(), PosixFilePermissions.fromString("rwxr-x---"));
      assertThatThrownBy(() -> process(NOON)).hasMessageContaining("is open to others");
      assertThatThrownBy(() -> running.at(NOON.plusSeconds(60)))
          .hasMessageContaining("is open to others");
    }

    @Test
    void areRefusedIfTheyAreDamaged() throws Exception {
      TicketSource running = process(NOON);
      byte[] whole = Files.readAllBytes(path.resolve("keys"));
      List<byte[]> damaged = new ArrayList<>();
      for (int length = 0; length < whole.length; length++) {
        damaged.add(Arrays.copyOf(whole, length));
      }
      for (int at = 0; at < whole.length; at++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= 1;
        damaged.add(flipped);
      }
      damaged.add("x".repeat(100_000).getBytes(StandardCharsets.US_ASCII));
      for (byte[] each : damaged) {
        Files.write(path.resolve("keys"), each);
        assertThatThrownBy(() -> new TicketDirectory(path).read())
            .isInstanceOf(TicketSourceException.class);
      }
      assertThatThrownBy(() -> running.at(NOON.plusSeconds(60)))
          .hasMessageContaining(path.resolve("keys").toString());
      Files.write(path.resolve("keys"), whole);
      assertThat(keys(running.at(NOON.plusSeconds(61)))).hasSize(1);
    }

    @Test
    void areMadeAnewWhereSomebodyRemovedThem() throws Exception {
      TicketSource running = process(NOON);
      String before = keys(running.at(NOON)).get(0);
      Files.delete(path.resolve("keys"));
      assertThat(keys(running.at(NOON.plusSeconds(60)))).hasSize(1).doesNotContain(before);
    }

    @Test
    void survivesAProcessThatDiedWhileItWrote() throws Exception {
      process(NOON);
      Files.writeString(path.resolve("keys.new"), "half");
      assertThat(process(NOON).rotate(NOON, false).count()).isEqualTo(2);
    }

    @Test
    void waitForAnotherThatHoldsTheLock() throws Exception {
      TicketSource running = process(NOON);
      List<String> before = keys(running.at(NOON));
      try (FileChannel channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        assertThat(lock.isValid()).isTrue();
        assertThat(keys(running.at(NOON.plus(HOUR)))).as("the other one's to do").isEqualTo(before);
        assertThatThrownBy(() -> running.rotate(NOON, false)).hasMessageContaining("another");
      }
      assertThat(keys(running.at(NOON.plus(HOUR).plusSeconds(60)))).hasSize(2);
    }

    @Test
    void needADirectoryThatCanBeMade() throws IOException {
      KeySource nowhere = new KeySource.Directory(directory.resolve("no/such/keys"));
      assertThatThrownBy(() -> open(Map.of(), nowhere, 2)).hasMessageContaining("cannot be made");
      Path file = Files.createFile(directory.resolve("file"));
      assertThatThrownBy(() -> open(Map.of(), new KeySource.Directory(file), 2))
          .hasMessageContaining("is no directory");
    }
  }
}
