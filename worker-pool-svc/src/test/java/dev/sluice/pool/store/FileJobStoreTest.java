package dev.sluice.pool.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJobStoreTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00.123456789Z");

  @TempDir Path directory;
  private Path file;
  private FileJobStore store;

  @BeforeEach
  void place() {
    file = directory.resolve("deep/er/spool.jsonl");
    store = new FileJobStore(file);
  }

  @Test
  void hasNothingBeforeAnythingWasSaved() {
    assertEquals(List.of(), store.load());
  }

  @Test
  void givesBackExactlyWhatWasSaved() {
    List<UnfinishedJob> jobs = List.of(bare(), full());
    save(jobs);

    assertEquals(jobs, store.load());
    assertEquals(jobs, new FileJobStore(file).load(), "and does so again");
    assertEquals(List.copyOf(full().job().call().headers().keySet()), List.of("x-b", "x-a"));
  }

  @Test
  void keepsTheLastThatWasSaved() {
    save(List.of(bare()));
    store.save(List.of(full()));

    assertEquals(List.of(full()), store.load());
  }

  @Test
  void clearingLeavesNoFile() throws IOException {
    save(List.of(bare()));
    store.clear();
    store.clear();

    assertEquals(List.of(), store.load());
    assertEquals(List.of(), filesIn(file.getParent()));
  }

  @Test
  void savingNothingLeavesNoFile() throws IOException {
    save(List.of(bare()));
    store.save(List.of());

    assertEquals(List.of(), filesIn(file.getParent()));
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    save(List.of(full()));

    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(List.of(file), filesIn(file.getParent()), "nothing else is left behind");
  }

  @Test
  void aFileThatACrashLeftHalfWrittenIsNotInTheWay() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file.resolveSibling("spool.jsonl.tmp"), "{\"format\":");

    assertEquals(List.of(), store.load());
    store.save(List.of(bare()));
    assertEquals(List.of(bare()), store.load());
  }

  @Test
  void saysWhatIsBrokenWithoutShowingTheContent() throws IOException {
    save(List.of(bare(), full()));
    List<String> good = Files.readAllLines(file);

    assertBroken("it is empty", "");
    assertBroken("line 1: Unexpected character", "<xml/>");
    assertBroken("line 1 is null", "null");
    assertBroken(
        "it is cookies version 1, must be sluice-pool-spool version 1",
        "{\"format\":\"cookies\",\"version\":1,\"jobs\":0}");
    assertBroken(
        "it is sluice-pool-spool version 2, must be sluice-pool-spool version 1",
        "{\"format\":\"sluice-pool-spool\",\"version\":2,\"jobs\":0}");
    assertBroken("its first line says 2 jobs, but 1 follow", good.get(0), good.get(1));
    assertBroken(
        "its first line says 2 jobs, but 3 follow",
        good.get(0),
        good.get(1),
        good.get(2),
        good.get(2));
    assertBroken(
        "line 3: Unexpected end-of-input", good.get(0), good.get(1), good.get(2).substring(0, 100));
    assertBroken(
        "line 2: Unrecognized field \"priority\"",
        good.get(0),
        good.get(1).replaceFirst("\\{", "{\"priority\":1,"),
        good.get(2));
    assertBroken(
        "line 2: Missing creator property 'attemptsMade'",
        good.get(0),
        good.get(1).replace("\"attemptsMade\":0,", ""),
        good.get(2));
    assertBroken(
        "attemptsMade is 7, must be at least",
        good.get(0),
        good.get(1).replace("\"attemptsMade\":0,", "\"attemptsMade\":7,"),
        good.get(2));
    assertBroken(
        "line 2: Cannot construct instance",
        good.get(0),
        good.get(1).replaceFirst("\"job\":.*,\"attemptsMade\"", "\"job\":null,\"attemptsMade\""),
        good.get(2));
  }

  @Test
  void saysWhenTheFileIsNotText() throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[] {'{', (byte) 0xFF, (byte) 0xFE});

    assertTrue(loadFails().contains("is broken: it is not UTF-8"));
  }

  @Test
  void doesNotStartWhereItCouldNotSave() throws IOException {
    Files.writeString(directory.resolve("deep"), "a file, not a directory");
    assertTrue(loadFails().contains("needs its directory, which cannot be made"));

    Files.delete(directory.resolve("deep"));
    Files.createDirectories(file);
    assertTrue(loadFails().contains("cannot be written there"));
  }

  @Test
  void whatWasThereStaysWhenSavingFails() throws IOException {
    save(List.of(bare()));
    Path inTheWay = Files.createDirectory(file.resolveSibling("spool.jsonl.tmp"));
    Files.createFile(inTheWay.resolve("file"));

    String message =
        assertThrows(JobStoreException.class, () -> store.save(List.of(full()))).getMessage();
    assertTrue(message.contains(file + " cannot be written"), message);
    assertEquals(List.of(bare()), store.load());
  }

  @Test
  void anInterruptDoesNotDisturbSaving() {
    store.load();
    Thread.currentThread().interrupt();
    try {
      store.save(List.of(bare()));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(List.of(bare()), store.load());
  }

  private void save(List<UnfinishedJob> jobs) {
    store.load(); // as the service does; makes the directory
    store.save(jobs);
  }

  private void assertBroken(String what, String... lines) throws IOException {
    Files.write(file, List.of(lines));
    if (lines[0].isEmpty()) {
      Files.write(file, new byte[0]);
    }
    String message = loadFails();
    assertTrue(message.startsWith("the spool " + file + " is broken: "), message);
    assertTrue(message.contains(what), message);
    assertEquals(1, message.lines().count(), message);
    assertFalse(message.contains("secret"), message);
  }

  private String loadFails() {
    return assertThrows(JobStoreException.class, store::load).getMessage();
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static UnfinishedJob bare() {
    var call = new Call("GET", URI.create("https://example.org/"), Map.of(), null);
    return new UnfinishedJob(job(1, call), 0, List.of(), null);
  }

  private static UnfinishedJob full() {
    var headers = new LinkedHashMap<String, String>();
    headers.put("x-b", "secret");
    headers.put("x-a", "ünïcödé \u2028 \\ \"");
    var call =
        new Call(
            "POST",
            URI.create("http://example.org:8080/a%20b?c=d&e#f"),
            headers,
            "{\"secret\":12345678901234567890.000100,\"lines\":\"\\n\"}");
    return new UnfinishedJob(
        job(2, call),
        2,
        List.of(
            new Attempt(1, AT, AT.plusMillis(5), 503, null),
            new Attempt(2, AT.plusSeconds(1), AT.plusSeconds(2), null, "cannot connect")),
        AT.plusSeconds(60));
  }

  private static Job job(long number, Call call) {
    return new Job(
        new UUID(number, number), call, 3, Duration.ofSeconds(2), Duration.ofMillis(100), AT);
  }
}
